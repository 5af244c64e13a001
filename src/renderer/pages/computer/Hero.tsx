// The status of this computer: shape, sentence, source and age; then the reasons; then the actions.
// The scheduler sets the status, so it is shown only while connected. The state of the link comes from the agent itself, and that of the own
// scheduler from the program that hosts it.
import type { AgentView } from '../../../shared/api/agent-view';
import { assertNever } from '../../../shared/assert-never';
import { causeOfLoss } from '../../../shared/api/own-host';
import { useApp } from '../../store/Screen';
import { ConnectedHero } from './ConnectedHero';
import { IdleHero } from './IdleHero';
import { ConnectingHero, ReconnectingHero } from './LinkHeroes';
import { NoGpuHero } from './NoGpuHero';
import { RefusedHero } from './RefusedHero';
import { StoppedPoolHero } from './StoppedPoolHero';

export function Hero({ agent }: { readonly agent: AgentView }) {
  const { link } = agent;
  const stopped = useApp(causeOfLoss);
  if (stopped !== null) return <StoppedPoolHero agent={agent} host={stopped} />;
  switch (link.state) {
    case 'idle':
      return <IdleHero />;
    case 'connecting':
      return <ConnectingHero agent={agent} link={link} />;
    case 'reconnecting':
      return <ReconnectingHero agent={agent} link={link} />;
    case 'refused':
      return link.code === 'NO_GPU_AVAILABLE' ? <NoGpuHero agent={agent} /> : <RefusedHero link={link} />;
    case 'connected':
      return <ConnectedHero status={agent.node_status} runningJobs={agent.running_jobs} isSimulated={agent.simulated} link={link} />;
    default:
      return assertNever(link);
  }
}
