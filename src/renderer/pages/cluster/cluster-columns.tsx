// The columns of the Cluster page: its schedulers, and the standbys of its database.
import { type ClusterMemberView, isMissing, type LeaderTermView, type StandbyView } from '../../../shared/api/cluster';
import { useClockPart } from '../../clock/Clock';
import type { Column } from '../../components/DataTable/column';
import { StatusLabel } from '../../components/StatusLabel';
import { ClockTime } from '../../components/Time';
import { type Labels, useLabels } from '../../i18n/use-labels';
import classes from './ClusterPage.module.css';

const MS_PER_SECOND = 1000;

export function memberColumns({ t, format }: Labels): readonly Column<ClusterMemberView>[] {
  return [
    { key: 'name', title: t('cluster.name'), width: '18%', className: classes['name'], cell: ({ name }) => name },
    { key: 'role', title: t('cluster.role'), width: '16%', cell: (member) => <RoleCell member={member} /> },
    { key: 'address', title: t('cluster.address'), width: '30%', className: classes['address'], cell: ({ address }) => address },
    { key: 'version', title: t('cluster.version'), width: '12%', cell: ({ version }) => version },
    { key: 'runs_for', title: t('cluster.runs_for'), width: '12%', align: 'number', cell: (member) => <RunsFor member={member} /> },
    {
      key: 'seen',
      title: t('cluster.seen'),
      width: '12%',
      align: 'number',
      cell: ({ seen_seconds: seen }) => (seen < 1 ? t('age.now') : t('age.ago', { age: format.duration(seen * MS_PER_SECOND) })),
    },
  ];
}

function RoleCell({ member }: { readonly member: ClusterMemberView }) {
  const { t } = useLabels();
  if (isMissing(member)) return <StatusLabel shape="disconnected" label={t('cluster.missing')} />;
  return <StatusLabel shape={member.role === 'leader' ? 'available' : 'waiting'} label={t(`cluster.roles.${member.role}`)} />;
}

/** Whether a member that was not seen still runs is not known. */
function RunsFor({ member }: { readonly member: ClusterMemberView }) {
  const { t, format } = useLabels();
  const text = useClockPart((nowWallMs) => format.duration(nowWallMs - member.started_at));
  return isMissing(member) ? t('unknown.none') : text;
}

export function termColumns({ t, format }: Labels): readonly Column<LeaderTermView>[] {
  return [
    { key: 'name', title: t('cluster.leader'), width: '18%', className: classes['name'], cell: ({ name }) => name },
    { key: 'end', title: t('cluster.term_end'), width: '36%', cell: (term) => <EndCell term={term} /> },
    { key: 'began', title: t('cluster.term_began'), width: '18%', cell: ({ began_at: began }) => <ClockTime wallMs={began} /> },
    {
      key: 'lasted',
      title: t('cluster.term_lasted'),
      width: '16%',
      align: 'number',
      isUnknown: ({ is_current: isCurrent, ended_at: ended }) => !isCurrent && ended === null,
      cell: (term) => <LastedCell term={term} />,
    },
    { key: 'epoch', title: t('cluster.epoch'), width: '12%', align: 'number', cell: ({ epoch }) => format.number(epoch) },
  ];
}

function EndCell({ term: { end, is_current: isCurrent } }: { readonly term: LeaderTermView }) {
  const { t } = useLabels();
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
    { key: 'name', title: t('cluster.standby'), width: '40%', className: classes['name'], cell: ({ name }) => name },
    { key: 'replication', title: t('cluster.replication'), width: '40%', cell: ({ sync }) => t(`cluster.sync.${sync}`) },
    {
      key: 'behind',
      title: t('cluster.behind'),
      width: '20%',
      align: 'number',
      cell: ({ lag_seconds: lag }) => (lag === null ? t('unknown.none') : format.took(lag * MS_PER_SECOND)),
    },
  ];
}
