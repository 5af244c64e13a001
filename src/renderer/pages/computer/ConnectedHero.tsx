// Connected: the availability that the scheduler pushed last, with its age, its reasons and the possible actions.
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { AgentView, LinkView } from '../../../shared/api/agent-view';
import { availabilityOf } from '../../../shared/api/availability';
import { useClockPart } from '../../clock/Clock';
import { Ago, ClockTime } from '../../components/Time';
import { Rich } from '../../components/Rich';
import { SimulatedBadge } from '../../components/Badge';
import { checksOf } from '../../components/Availability';
import { KnownState } from '../../components/KnownState';
import { useLabels } from '../../i18n/use-labels';
import { isOnThisComputer } from '../../../shared/api/own-host';
import { lacksModel, withOwnFacts } from '../../../shared/api/own-status';
import { hottestOf } from '../../labels/hot-gpu';
import { useApp } from '../../store/Screen';
import { HeroFrame } from './HeroFrame';
import { availabilityTitle } from './availability-title';
import { StatusReasons } from './StatusReasons';
import { useHeroActions } from './use-hero-actions';
import { usePoolAddress } from './use-pool-address';

type ConnectedLink = Extract<LinkView, { state: 'connected' }>;

interface ConnectedHeroProps {
  /** Null: the scheduler has sent none. */
  readonly status: AgentView['node_status'];
  readonly runningJobs: AgentView['running_jobs'];
  readonly isSimulated: boolean;
  readonly link: ConnectedLink;
}

export const ConnectedHero = memo(function ConnectedHero({ status, runningJobs, isSimulated, link }: ConnectedHeroProps) {
  const labels = useLabels();
  const { t } = labels;
  const models = useApp(({ agent }) => agent?.models ?? NO_MODELS);
  const message = status === null ? null : withOwnFacts(status.message, runningJobs, models);
  const hot = useApp(useShallow(({ agent }) => hottestOf(agent?.hardware ?? null)));
  const title = useClockPart((nowWallMs) => (message === null ? '' : availabilityTitle(labels, message, hot, nowWallMs)));
  const hasNoModel = message !== null && lacksModel(message, models);
  const { actions, error } = useHeroActions(message, models);
  const address = usePoolAddress(link.scheduler_url);
  const mark = isSimulated ? <SimulatedBadge gpu /> : null;
  if (status === null || message === null) {
    return (
      <HeroFrame shape="waiting" title={t('hero.awaiting.title')} mark={mark}>
        <p>
          <Rich k="hero.awaiting.text" values={{ address }} />
        </p>
      </HeroFrame>
    );
  }
  const { state, since } = availabilityOf(message);
  return (
    <HeroFrame
      shape={hasNoModel ? 'degraded' : state}
      progress={checksOf(message)}
      title={<KnownState state={hasNoModel ? t('hero.no_models.title') : title} />}
      mark={mark}
      actions={actions}
      reasons={<StatusReasons message={message} />}
      error={error}
    >
      <p>
        <Rich
          k={isOnThisComputer(link.scheduler_url) ? 'hero.confirmed_here' : 'hero.confirmed'}
          values={{ address, age: <Ago wallMs={status.received_at} />, since: <ClockTime wallMs={since} /> }}
        />
      </p>
    </HeroFrame>
  );
});

/** One list for all renders. */
const NO_MODELS: AgentView['models'] = [];
