// The schedulers of the pool: which one leads, those that can lead in its place, their database, and what endangers them. The owner can
// let another one lead.
import { type ReactNode, useMemo, useState } from 'react';
import type { ClusterView } from '../../../shared/api/cluster';
import { isInOtherPool } from '../../../shared/api/own-host';
import { ClockProvider, useClock } from '../../clock/Clock';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useCluster } from '../../queries/cluster';
import { useApp, useScreenState } from '../../store/Screen';
import { useLastKnownAt } from '../../store/use-pool-lost';
import { BusCard } from './BusCard';
import { ClusterFigures } from './ClusterFigures';
import { ClusterHero } from './ClusterHero';
import { DatabaseCard } from './DatabaseCard';
import { afterLeader } from './former-leader';
import { MembersCard } from './MembersCard';
import { ClusterSteps, SchedulerAlone } from './SchedulerAlone';
import { StepDown } from './StepDown';
import { TermsCard } from './TermsCard';

export function ClusterPage() {
  const { t } = useLabels();
  const hasPool = useApp((app) => app.pool !== null);
  /** A step to a cluster is to stop the pool, so the steps stay. */
  const isStopped = useApp((app) => app.app.can_host && app.host?.state === 'stopped' && !isInOtherPool(app));
  if (hasPool) return <PoolCluster />;
  return (
    <Page title={t('nav.cluster')}>
      <PoolElsewhere page="cluster" noPool={t(isStopped ? 'cluster.stopped' : 'cluster.no_pool')} />
      {isStopped && <ClusterSteps member={null} />}
    </Page>
  );
}

function PoolCluster() {
  const { t } = useLabels();
  const { value, error } = useCluster();
  const mayManage = useMay('manage');
  /** The epoch that the user ended. */
  const [endedEpoch, setEndedEpoch] = useState<number | null>(null);
  const epoch = value?.epoch ?? null;
  const isWaiting = endedEpoch !== null && epoch === endedEpoch;
  const hasAction = mayManage && value !== null && epoch !== null;
  return (
    <Page
      title={t('nav.cluster')}
      {...(hasAction ? { actions: <StepDown cluster={value} isWaiting={isWaiting} onDone={() => setEndedEpoch(value.epoch)} /> } : {})}
    >
      {value === null && error === null && <p role="status">{t('cluster.loading')}</p>}
      {!isWaiting && <ErrorNote error={error} />}
      {value !== null && (
        <KnownTime>
          {epoch === null ? <SchedulerAlone cluster={value} mayManage={mayManage} /> : <Cluster cluster={value} isWaiting={isWaiting} />}
        </KnownTime>
      )}
    </Page>
  );
}

const neverTicks = (): (() => void) => () => undefined;

/** Whether a scheduler still runs or leads is not known after the connection was lost: no time counts on. */
function KnownTime({ children }: { readonly children: ReactNode }) {
  const lostAt = useLastKnownAt();
  const clock = useClock();
  const known = useMemo(() => (lostAt === null ? clock : { now: () => lostAt, subscribe: neverTicks }), [lostAt, clock]);
  return <ClockProvider value={known}>{children}</ClockProvider>;
}

function Cluster({ cluster, isWaiting }: { readonly cluster: ClusterView; readonly isWaiting: boolean }) {
  // Not null: the scheduler of the page answered that it does not lead.
  const next = useScreenState(({ connection, leader }) => (connection === 'open' ? null : leader));
  const isFormer = next !== null;
  const shown = isFormer ? afterLeader(cluster, next.address) : cluster;
  return (
    <>
      <ClusterHero cluster={shown} isWaiting={isWaiting} isFormer={isFormer} />
      <ClusterFigures cluster={isWaiting ? { ...shown, leads_since: null } : shown} />
      <MembersCard cluster={shown} isWaiting={isWaiting} />
      <DatabaseCard database={shown.database} />
      {shown.bus !== null && <BusCard bus={shown.bus} />}
      <TermsCard terms={shown.terms} isWaiting={isWaiting} />
    </>
  );
}
