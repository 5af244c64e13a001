// The page Members of a caller who does not manage the pool: the membership of this computer, how to leave, what this computer gave and used,
// what its rights are, and who changes them. The scheduler reports no other member to it.
import { may, type PoolAccess, type PoolRight } from '../../../shared/api/pool-access';
import { Card } from '../../components/Card';
import { Columns } from '../../components/Columns';
import { usePoolTarget } from '../../components/connect/use-connect-target';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { type Fact, Facts } from '../../components/Facts';
import { ContributionCard } from '../../components/own/ContributionCard';
import { LeavePool } from '../../components/own/LeavePool';
import { type StatTile, StatTiles } from '../../components/StatTiles';
import { StatusLabel } from '../../components/StatusLabel';
import { ClockTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { poolNameOf } from '../../labels/pool-name';
import { useUsage } from '../../queries/usage';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { OwnKeysCard } from './OwnKeysCard';
import classes from './OwnMembership.module.css';

/** From the least to the most. */
const SHOWN_RIGHTS = ['be_a_node', 'submit_jobs', 'make_keys', 'view', 'operate'] as const satisfies readonly PoolRight[];

export function OwnMembership() {
  const pool = useApp((app) => app.pool);
  // A pool that refuses to list its members although the state permits it is of an older version: the rights are not known.
  const access = pool === null || may(pool, 'manage') ? null : pool;
  return (
    <Columns
      wide={
        <>
          <MembershipCard />
          {access !== null && !may(access, 'view') && <OwnUseCard />}
          {access !== null && may(access, 'make_keys') && <OwnKeysCard />}
          <ContributionCard layout="column" />
        </>
      }
      narrow={
        <>
          {access !== null && <RightsCard access={access} />}
          <OwnerCard />
        </>
      }
    />
  );
}

interface AccessProps {
  readonly access: PoolAccess;
}

/** Absent where no computer is a member: a browser of the scheduler. */
function MembershipCard() {
  const { t } = useLabels();
  const name = useApp(poolNameOf);
  // In a browser, the agent is that of the host.
  const agent = useApp((app) => (app.pool?.access === 'host' ? null : app.agent));
  const canLeave = useApp(({ app }) => app.can_join);
  if (agent === null) return null;
  const link = agent.link.state === 'idle' ? null : agent.link;
  return (
    <Card title={t('members.yours')}>
      <div className={classes['lines']}>
        <Facts
          facts={[
            [t('members.pool'), name ?? '–'],
            ...(link === null ? [] : [[t('members.host'), addressOf(link.scheduler_url)] satisfies Fact]),
            [t('settings.computer'), agent.name],
            ...(agent.registered_at === null
              ? []
              : [[t('members.connected_since'), <ClockTime key="since" wallMs={agent.registered_at} />] satisfies Fact]),
            [t('members.limits'), t('members.no_limits')],
            [t('members.expires'), t('members.until_revoked')],
          ]}
        />
        {link !== null && canLeave && (
          <div>
            <LeavePool address={addressOf(link.scheduler_url)} />
          </div>
        )}
      </div>
    </Card>
  );
}

function useOwnUse(): readonly StatTile[] | null {
  const { t, format } = useLabels();
  const { value } = useUsage({ by: 'model' });
  if (value === null) return null;
  const { requests, failed, cancelled, prompt_tokens: prompt, output_tokens: output } = value.total;
  const note = t('usage.failed_and_cancelled', { failed: format.number(failed), cancelled: format.number(cancelled) });
  return [
    { label: t('usage.requests'), figure: format.number(requests), note },
    { label: t('usage.prompt'), figure: format.compact(prompt) },
    { label: t('usage.output'), figure: format.compact(output) },
  ];
}

/** The requests that the caller sent. Absent until they are known, and where an older scheduler does not count them. */
function OwnUseCard() {
  const { t } = useLabels();
  const tiles = useOwnUse();
  if (tiles === null) return null;
  const title = t('members.own_use');
  return (
    <Card title={title} note={t('members.own_use_days')} aside={<a href={hrefOf({ page: 'usage' })}>{t('members.own_use_all')}</a>}>
      <StatTiles label={title} tiles={tiles} />
    </Card>
  );
}

function RightsCard({ access }: AccessProps) {
  const { t } = useLabels();
  return (
    <Card title={t('members.rights')}>
      <ul className={classes['rights']}>
        {SHOWN_RIGHTS.map((right) => (
          <li key={right}>
            <StatusLabel shape={may(access, right) ? 'ready' : 'offline'} label={t(may(access, right) ? 'settings.yes' : 'settings.no')} />
            <span>{t(`members.right.${right}`)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function OwnerCard() {
  const { t, gap } = useLabels();
  const membersUrl = usePoolTarget()?.membersUrl ?? null;
  return (
    <Card title={t('members.ask_owner')}>
      <div className={classes['lines']}>
        <p>
          {t('members.not_owner')}
          {gap}
          {t('members.not_owner_how')}
        </p>
        {membersUrl !== null && (
          <>
            <CopyField label={t('connect.key_members')} value={membersUrl} />
            <Dim as="p">{t('elsewhere.dashboard_note')}</Dim>
          </>
        )}
      </div>
    </Card>
  );
}
