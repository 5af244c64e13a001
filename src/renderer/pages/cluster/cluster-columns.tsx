// The columns of the Cluster page: its schedulers, their terms, and the standbys of the database.
import { type ClusterMemberView, isMissing, type LeaderTermView, type StandbyView } from '../../../shared/api/cluster';
import { useClockPart } from '../../clock/Clock';
import { Badge } from '../../components/Badge';
import type { Column } from '../../components/DataTable/column';
import { StatusLabel } from '../../components/StatusLabel';
import { StatusShape } from '../../components/StatusShape';
import { ClockTime } from '../../components/Time';
import { type Labels, useLabels } from '../../i18n/use-labels';
import type { faultOf } from './cluster-warnings';
import classes from './tables.module.css';

const MS_PER_SECOND = 1000;

/** A member with what is wrong with it. */
export interface MemberRow {
  readonly member: ClusterMemberView;
  readonly fault: ReturnType<typeof faultOf>;
  /** It has answered. */
  readonly isSelf: boolean;
  /** The leader, whose term the user ended. */
  readonly isSteppingDown: boolean;
}

export function memberColumns({ t, format }: Labels): readonly Column<MemberRow>[] {
  return [
    {
      key: 'name',
      title: t('cluster.name'),
      className: classes['name'],
      cell: ({ member: { name }, fault, isSelf }) => (
        <span data-fault={fault ?? undefined}>
          {name} {isSelf && <Badge title={t('cluster.self_note')}>{t('cluster.self')}</Badge>}
        </span>
      ),
    },
    { key: 'role', title: t('cluster.role'), cell: (row) => <RoleCell row={row} /> },
    { key: 'address', title: t('cluster.address'), className: classes['address'], cell: ({ member: { address } }) => address },
    {
      key: 'version',
      title: t('cluster.version'),
      cell: ({ member: { version }, fault }) =>
        fault === 'old_version' ? <StatusLabel shape="degraded" label={t('cluster.old_version', { version })} /> : version,
    },
    { key: 'runs_for', title: t('cluster.runs_for'), align: 'number', cell: ({ member }) => <RunsFor member={member} /> },
    {
      key: 'seen',
      title: t('cluster.seen'),
      align: 'number',
      cell: ({ member: { seen_seconds: seen } }) =>
        seen < 1 ? t('age.now') : t('age.ago', { age: format.duration(seen * MS_PER_SECOND) }),
    },
  ];
}

function RoleCell({ row: { member, fault, isSteppingDown } }: { readonly row: MemberRow }) {
  const { t } = useLabels();
  const role = t(`cluster.roles.${member.role}`);
  if (fault === 'missing') return <StatusLabel shape="degraded" label={t('cluster.missing')} />;
  if (fault === 'without_bus') return <StatusLabel shape="degraded" label={t('cluster.role_without_bus', { role })} />;
  if (isSteppingDown) return <StatusLabel shape="waiting" label={t('cluster.stepping_down')} />;
  if (member.role === 'leader') return <StatusLabel shape="available" label={role} />;
  return (
    <span className={classes['candidate']}>
      <StatusShape shape="ready" size={14} />
      {role}
    </span>
  );
}

/** Whether a member that was not seen still runs is not known. */
function RunsFor({ member }: { readonly member: ClusterMemberView }) {
  const { t, format } = useLabels();
  const text = useClockPart((nowWallMs) => format.duration(nowWallMs - member.started_at));
  return isMissing(member) ? t('unknown.none') : text;
}

/** `isWaiting`: the leader steps down. */
export function termColumns({ t, format }: Labels, isWaiting: boolean): readonly Column<LeaderTermView>[] {
  return [
    { key: 'name', title: t('cluster.leader'), className: classes['name'], cell: ({ name }) => name },
    { key: 'end', title: t('cluster.term_end'), cell: (term) => <EndCell term={term} isWaiting={isWaiting} /> },
    { key: 'epoch', title: t('cluster.epoch'), cell: ({ epoch }) => format.number(epoch) },
    {
      key: 'lasted',
      title: t('cluster.term_lasted'),
      align: 'number',
      isUnknown: ({ is_current: isCurrent, ended_at: ended }) => !isCurrent && ended === null,
      cell: (term) => <LastedCell term={term} />,
    },
    { key: 'began', title: t('cluster.term_began'), align: 'number', cell: ({ began_at: began }) => <ClockTime wallMs={began} /> },
  ];
}

interface EndCellProps {
  readonly term: LeaderTermView;
  readonly isWaiting: boolean;
}

function EndCell({ term: { end, is_current: isCurrent }, isWaiting }: EndCellProps) {
  const { t } = useLabels();
  if (isCurrent && isWaiting) return <StatusLabel shape="registering" label={t('cluster.stepping_down')} />;
  if (isCurrent) return <StatusLabel shape="available" label={t('cluster.term_now')} />;
  return t(end === null ? 'cluster.term_unknown' : `cluster.term_ends.${end}`);
}

function LastedCell({ term: { began_at: began, ended_at: ended, is_current: isCurrent } }: { readonly term: LeaderTermView }) {
  const { t, format } = useLabels();
  const untilNow = useClockPart((nowWallMs) => format.duration(nowWallMs - began));
  if (isCurrent) return untilNow;
  return ended === null ? t('unknown.none') : format.duration(ended - began);
}

export function standbyColumns({ t, format }: Labels): readonly Column<StandbyView>[] {
  return [
    { key: 'name', title: t('cluster.standby'), className: classes['name'], cell: ({ name }) => name },
    { key: 'replication', title: t('cluster.replication'), cell: ({ sync }) => t(`cluster.sync.${sync}`) },
    {
      key: 'behind',
      title: t('cluster.behind'),
      align: 'number',
      cell: ({ lag_seconds: lag }) => (lag === null ? t('unknown.none') : format.took(lag * MS_PER_SECOND)),
    },
  ];
}
