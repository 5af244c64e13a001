// The overview of the pool; below it the pool that this computer hosts, and the pool that it belongs to. Each card shows the state, then the
// actions. A computer that is in no pool shows two ways: start a pool, or join one. A host and a member have all ways to other pools in one
// section. A link that another program opened is above all.
import type { ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PoolSummary } from '../../../shared/api/node-view';
import { joinLinkOf } from '../../../shared/api/opened-link';
import { hostedPinOf, joinedPinOf } from '../../../shared/api/own-pool';
import { Card } from '../../components/Card';
import { Columns } from '../../components/Columns';
import { CopyField } from '../../components/CopyField';
import { Facts } from '../../components/Facts';
import { ClockTime } from '../../components/Time';
import { Page } from '../../components/Page';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { isInOtherPool, stoppedHostOf } from '../../../shared/api/own-host';
import { INVITE_HREF } from '../../routes';
import { useIsHeadlessShared } from '../../store/is-shared';
import { useApp, useScreen } from '../../store/Screen';
import type { CurrentPool } from './current-pool';
import { HostCard } from './HostCard';
import { HostSettingsCard } from './HostSettings';
import { JOIN_COMMAND, SHARE_VARIABLE, shareCommand } from './join-command';
import { JoinCard, JoinForm } from './JoinCard';
import { MembershipCard } from './MembershipCard';
import { NearbyCard, NearbyPart } from './NearbyCard';
import { NetworkCard } from './NetworkCard';
import { OtherPools } from './OtherPools';
import { JoinWays, PoolWays } from './PoolWays';
import { PoolActions, PoolSubtitle } from './overview/PoolActions';
import { PoolOverview } from './overview/PoolOverview';
import classes from './PoolPage.module.css';
import { RememberedPoolsCard } from './RememberedPoolsCard';
import { usePoolSearch } from './use-search';

export function PoolPage() {
  const { t } = useLabels();
  const { app, agent, host, pool, nearby, opened } = useApp(
    useShallow(({ app, agent, host, pool, nearby, opened_link: link }) => ({ app, agent, host, pool, nearby, opened: joinLinkOf(link) })),
  );
  const isHosting = host !== null && host.state !== 'stopped';
  const isMember = agent !== null && agent.link.state !== 'idle';
  const search = usePoolSearch(app.can_join ? nearby : null);
  const currentPool: CurrentPool = isHosting ? 'hosted' : isMember ? 'member' : 'none';
  const ownPins = [hostedPinOf(host), joinedPinOf(agent)].filter((pin) => pin !== null);
  const joinCard = agent !== null && app.can_join && (
    <JoinCard key={opened?.id ?? 'own'} isMember={isMember} opened={opened} ownPins={ownPins} />
  );
  const isHost = isHosting || pool?.access === 'host';
  const isOthers = useApp(isInOtherPool) && pool?.access !== 'host';
  const hasStopped = useApp((state) => stoppedHostOf(state) !== null);
  // A pool on this computer only is often the first step: the next one may be to join another.
  const isAlone = host?.state === 'running' && host.scope !== 'lan';
  // Its own node needs no card: the status at the foot of the rail says the same.
  const isOwnNode = host?.state === 'running' && agent?.link.state === 'connected' && !isOthers && pool?.lost_since == null;
  const isNeeded = nearby?.attempt != null || isAlone || (!isHost && agent?.link.state !== 'connected');
  const cards: Cards = {
    ownHost: host !== null && <HostCard host={host} canHost={app.can_host} />,
    settings: host !== null && isHosting && host.state !== 'failed' && app.can_host && <HostSettingsCard host={host} />,
    scheduler: pool !== null && (
      <SchedulerCard pool={pool} isRow={host !== null && isHost} isWindowless={host === null && pool.access === 'host'} />
    ),
    // While the own scheduler does not run, its card says all that the state of the link would.
    membership: agent !== null && agent.link.state !== 'idle' && !hasStopped && !isOwnNode && (
      <MembershipCard link={agent.link} isHosted={!isOthers} canLeave={app.can_join} />
    ),
    joining: app.can_join && (
      <>
        {nearby !== null && <NearbyCard nearby={nearby} search={search} currentPool={currentPool} />}
        <RememberedPoolsCard />
        {opened === null && joinCard}
      </>
    ),
  };
  return (
    <Page title={t('nav.pool')} subtitle={pool === null ? undefined : <PoolSubtitle />} actions={pool !== null && <PoolActions />}>
      {opened !== null && joinCard}
      {pool !== null && (
        <div className={classes['data']} data-old={pool.lost_since === null ? undefined : ''}>
          <PoolOverview />
        </div>
      )}
      {pool !== null && (isHost || !app.can_join) && <h2 className={classes['heading']}>{t('pool_overview.host')}</h2>}
      {isHost ? (
        <HostCards {...cards} isNeeded={isNeeded} />
      ) : isMember ? (
        <MemberCards {...cards} isNeeded={isNeeded} />
      ) : (
        <>
          <PoolWays>
            {cards.ownHost}
            {app.can_join && opened === null && (
              <JoinWays
                nearby={nearby !== null && <NearbyPart nearby={nearby} search={search} currentPool="none" />}
                form={agent !== null && <JoinForm opened={null} ownPins={ownPins} text={null} />}
              />
            )}
            {/* The form is above, with the opened link. */}
            {app.can_join && opened !== null && nearby !== null && <NearbyCard nearby={nearby} search={search} currentPool="none" />}
          </PoolWays>
          <BelowWays scheduler={cards.scheduler} canJoin={app.can_join} />
        </>
      )}
    </Page>
  );
}

/** False: absent here. */
interface Cards {
  readonly ownHost: ReactNode;
  readonly settings: ReactNode;
  readonly scheduler: ReactNode;
  readonly membership: ReactNode;
  /** All ways to join a pool. */
  readonly joining: ReactNode;
}

interface CardsInPool extends Cards {
  /** The user needs the ways to other pools now. */
  readonly isNeeded: boolean;
}

const HostCards = ({ ownHost, settings, scheduler, membership, joining, isNeeded }: CardsInPool) => (
  <>
    <Columns
      wide={
        <>
          {ownHost === false ? scheduler : ownHost}
          {membership}
        </>
      }
      narrow={settings}
    />
    {ownHost === false ? null : scheduler}
    <WaysToOthers joining={joining} isNeeded={isNeeded} />
  </>
);

const MemberCards = ({ ownHost, scheduler, membership, joining, isNeeded }: CardsInPool) => (
  <>
    <Columns wide={membership} narrow={scheduler} />
    <WaysToOthers joining={joining} ownHost={ownHost} isNeeded={isNeeded} />
  </>
);

const BelowWays = ({ scheduler, canJoin }: Pick<Cards, 'scheduler'> & { readonly canJoin: boolean }) => (
  <Columns
    wide={
      <>
        {canJoin && <RememberedPoolsCard />}
        {scheduler}
      </>
    }
    narrow={<NetworkCard />}
  />
);

/** A program that cannot join has no section: its network is all that is left. */
function WaysToOthers({ joining, ownHost, isNeeded }: Pick<CardsInPool, 'joining' | 'isNeeded'> & { readonly ownHost?: ReactNode }) {
  if (joining === false) return <NetworkCard />;
  return (
    <OtherPools isNeeded={isNeeded}>
      <Columns
        wide={joining}
        narrow={
          <>
            {ownHost}
            <NetworkCard />
          </>
        }
      />
    </OtherPools>
  );
}

interface SchedulerCardProps {
  readonly pool: PoolSummary;
  /** As wide as the page. */
  readonly isRow: boolean;
  readonly isWindowless: boolean;
}

function SchedulerCard({ pool, isRow, isWindowless }: SchedulerCardProps) {
  const { t } = useLabels();
  return (
    <Card title={t('pool.summary')}>
      <Facts
        isRow={isRow}
        facts={[
          [t('settings.scheduler_version'), pool.scheduler_version],
          [t('pool.started'), <ClockTime key="started" wallMs={pool.started_at} />],
          [
            t('pool.interval'),
            t('pool.interval_value', { interval: pool.heartbeat_interval_seconds, timeout: pool.heartbeat_timeout_seconds }),
          ],
          [
            t('pool.required_models'),
            pool.required_models.length === 0 ? t('pool.none_required') : pool.required_models.join(t('punctuation.list')),
          ],
        ]}
      />
      {isWindowless && <JoinHelp />}
    </Card>
  );
}

/** An owner makes the link here, others ask for the command. */
function JoinFile() {
  const { t, gap } = useLabels();
  const mayInvite = useMay('manage');
  if (!mayInvite) return <p>{t('pool.join_file')}</p>;
  return (
    <p>
      {t('pool.join_file_here')}
      {gap}
      <a href={INVITE_HREF}>{t('nodes.join_by.invite')}</a>
    </p>
  );
}

/**
 * A headless program has no join link: its owner makes invitations on the command line. And it cannot start itself with other roles, so the
 * owner gets the commands (ADR 0001).
 */
function JoinHelp() {
  const { t } = useLabels();
  const { endpoint } = useScreen();
  const isShared = useIsHeadlessShared();
  const isNode = useApp(({ agent }) => agent !== null);
  if (endpoint.url === null) return null;
  return (
    <div className={classes['note']}>
      {isShared ? (
        <>
          <CopyField label={t('pool.join_with')} value={JOIN_COMMAND} />
          <JoinFile />
        </>
      ) : (
        <>
          <p>{t('pool.join_closed')}</p>
          <CopyField label={t('pool.share_with')} value={shareCommand(isNode ? 'pool' : 'scheduler')} />
          <CopyField label={t('pool.share_service')} value={SHARE_VARIABLE} />
        </>
      )}
      {isNode && (
        <>
          <p>{t('pool.leave_closed')}</p>
          <CopyField label={t('pool.leave_with')} value={JOIN_COMMAND} />
        </>
      )}
    </div>
  );
}
