// Connected: the availability that the scheduler pushed last, with its age, its reasons and the possible actions.
import type { AgentView, LinkView } from '../../../shared/api/agent-view';
import { availabilityOf } from '../../../shared/api/availability';
import { useClockPart } from '../../clock/Clock';
import { Ago, ClockTime } from '../../components/Time';
import { Rich } from '../../components/Rich';
import { SimulatedBadge } from '../../components/Badge';
import { checksOf } from '../../components/Availability';
import { useLabels } from '../../i18n/use-labels';
import { addressOf, isOnThisComputer } from '../../labels/link-labels';
import { HeroFrame } from './HeroFrame';
import { availabilityTitle } from './availability-title';
import { StatusReasons } from './StatusReasons';
import { useHeroActions } from './use-hero-actions';

type ConnectedLink = Extract<LinkView, { state: 'connected' }>;

export function ConnectedHero({ agent, link }: { readonly agent: AgentView; readonly link: ConnectedLink }) {
  const labels = useLabels();
  const { t } = labels;
  const title = useClockPart((nowWallMs) =>
    agent.node_status === null ? '' : availabilityTitle(labels, agent.node_status.message, nowWallMs),
  );
  const { actions, error } = useHeroActions(agent.node_status?.message ?? null);
  const address = addressOf(link.scheduler_url);
  const mark = agent.simulated ? <SimulatedBadge gpu /> : null;
  if (agent.node_status === null) {
    return (
      <HeroFrame shape="waiting" title={t('hero.awaiting.title')} mark={mark}>
        <p>
          <Rich k="hero.awaiting.text" values={{ address }} />
        </p>
      </HeroFrame>
    );
  }
  const { message, received_at } = agent.node_status;
  const { state, since } = availabilityOf(message);
  return (
    <HeroFrame
      shape={state}
      progress={checksOf(message)}
      title={title}
      mark={mark}
      actions={actions}
      reasons={<StatusReasons message={message} />}
      error={error}
    >
      <p>
        <Rich
          k={isOnThisComputer(link.scheduler_url) ? 'hero.confirmed_here' : 'hero.confirmed'}
          values={{ address, age: <Ago wallMs={received_at} />, since: <ClockTime wallMs={since} /> }}
        />
      </p>
    </HeroFrame>
  );
}
