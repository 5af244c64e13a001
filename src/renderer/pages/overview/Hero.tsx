// Status first: one shape, one sentence, who said it and when; then why; then what can be done.
// The status is the scheduler's word and shown as such only while the link stands; the link is this machine's own.
import type { AgentView } from '../../../shared/api/agent-view';
import { assertNever } from '../../../shared/assert-never';
import { ConnectedHero } from './ConnectedHero';
import { IdleHero } from './IdleHero';
import { ConnectingHero, ReconnectingHero } from './LinkHeroes';
import { RefusedHero } from './RefusedHero';

export function Hero({ agent }: { readonly agent: AgentView }) {
  const { link } = agent;
  switch (link.state) {
    case 'idle':
      return <IdleHero />;
    case 'connecting':
      return <ConnectingHero agent={agent} link={link} />;
    case 'reconnecting':
      return <ReconnectingHero agent={agent} link={link} />;
    case 'refused':
      return <RefusedHero agent={agent} link={link} />;
    case 'connected':
      return <ConnectedHero agent={agent} link={link} />;
    default:
      return assertNever(link);
  }
}
