// The overview of the pool; below it the pool that this computer hosts, and the pool that it belongs to. Each card shows the state, then the
// actions. A computer that is in no pool shows two ways: start a pool, or join one. A host and a member have all ways to other pools in one
// section. A link that another program opened is above all.
import type { ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { joinLinkOf } from '../../../shared/api/opened-link';
import { hostedPinOf, joinedPinOf } from '../../../shared/api/own-pool';
import { Columns } from '../../components/Columns';
import { MassLossBanner } from '../../components/MassLossBanner';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { isInOtherPool, stoppedHostOf } from '../../../shared/api/own-host';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import type { CurrentPool } from './current-pool';
import { HostCard } from './HostCard';
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
import { SchedulerCard } from './SchedulerFacts';
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
    ownHost: host !== null && <HostCard host={host} canHost={app.can_host} pool={isOthers ? null : pool} />,
    scheduler: pool !== null && <SchedulerCard pool={pool} isHeadless={host === null && pool.access === 'host'} />,
    // While the own scheduler does not run, its card says all that the state of the link would.
    membership: agent !== null && agent.link.state !== 'idle' && !hasStopped && !isOwnNode && (
      <MembershipCard link={agent.link} isHosted={!isOthers} canLeave={app.can_join} pool={isHost ? null : pool} />
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
      <MassLossBanner nodesHref={hrefOf({ page: 'nodes' })} />
      {pool !== null && (
        <div className={classes['data']} data-old={pool.lost_since === null ? undefined : ''}>
          <PoolOverview />
        </div>
      )}
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
  readonly scheduler: ReactNode;
  readonly membership: ReactNode;
  /** All ways to join a pool. */
  readonly joining: ReactNode;
}

interface CardsInPool extends Cards {
  /** The user needs the ways to other pools now. */
  readonly isNeeded: boolean;
}

/** The card of the own host has the facts of its scheduler. */
const HostCards = ({ ownHost, scheduler, membership, joining, isNeeded }: CardsInPool) => (
  <>
    {ownHost === false ? scheduler : ownHost}
    {membership}
    <WaysToOthers joining={joining} isNeeded={isNeeded} />
  </>
);

const MemberCards = ({ ownHost, membership, joining, isNeeded }: CardsInPool) => (
  <>
    {membership}
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
