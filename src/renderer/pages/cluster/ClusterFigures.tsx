// What the host of a cluster asks first: how many schedulers run, which one leads, and how far its standbys are behind.
import { type ClusterView, isMissing, MISSING_AFTER_SECONDS, type StandbyView } from '../../../shared/api/cluster';
import { useClockPart } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { type StatTile, StatTiles } from '../../components/StatTiles';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { closestStandby } from './cluster-warnings';

const MS_PER_SECOND = 1000;

export function ClusterFigures({ cluster }: { readonly cluster: ClusterView }) {
  const labels = useLabels();
  const { t, format } = labels;
  const { leads_since: since, terms, database } = cluster;
  const leadsFor = useClockPart((nowWallMs) => (since === null ? null : format.duration(nowWallMs - since)));
  const changedAt = useClockPart((nowWallMs) => (since === null ? null : format.clock(since, nowWallMs)));
  // Without a leader, the last change is not known.
  const before = since === null ? undefined : terms.find(({ is_current: isCurrent }) => !isCurrent);
  return (
    <Card label={t('cluster.figures')}>
      <StatTiles
        label={t('cluster.figures')}
        tiles={[
          membersTile(labels, cluster),
          {
            label: t('cluster.leads_for'),
            figure: leadsFor,
            note: changedAt === null ? undefined : t('cluster.leads_since', { time: changedAt }),
          },
          {
            label: t('cluster.last_change'),
            ...(since === null || before?.ended_at == null
              ? { figure: null }
              : { figure: format.took(since - before.ended_at), unit: t('cluster.without_leader') }),
            note: before?.end == null ? undefined : t(`cluster.term_ends_short.${before.end}`),
          },
          lagTile(labels, closestStandby(database.standbys)),
          ...busTile(labels, cluster),
        ]}
      />
    </Card>
  );
}

function membersTile({ t, format }: Labels, { members }: ClusterView): StatTile {
  const missing = members.filter(isMissing).map(({ name }) => name);
  return {
    label: t('cluster.running_members'),
    figure: format.number(members.length - missing.length),
    unit: t('cluster.of', { total: format.number(members.length) }),
    note:
      missing.length === 0
        ? t('cluster.seen_note', { seconds: format.number(MISSING_AFTER_SECONDS) })
        : t('cluster.missing_note', { names: missing.join(t('punctuation.list')) }),
  };
}

function lagTile({ t, format }: Labels, standby: StandbyView | null): StatTile {
  const label = t('cluster.lag');
  if (standby === null) return { label, figure: null, note: t('cluster.no_standby') };
  const { name, sync, lag_seconds: lag } = standby;
  return {
    label,
    figure: lag === null ? null : format.took(lag * MS_PER_SECOND),
    note: t('cluster.lag_note', { name, replication: t(`cluster.sync_short.${sync}`) }),
  };
}

/** None where no member has a bus. */
function busTile({ t, format }: Labels, { members }: ClusterView): readonly StatTile[] {
  const live = members.filter((member) => !isMissing(member));
  if (live.every(({ has_bus }) => has_bus === null)) return [];
  const cut = live.filter(({ has_bus }) => has_bus !== true).map(({ name }) => name);
  return [
    {
      label: t('cluster.on_bus'),
      figure: format.number(live.length - cut.length),
      unit: t('cluster.of', { total: format.number(live.length) }),
      note: cut.length === 0 ? t('cluster.bus_all') : t('cluster.bus_cut', { names: cut.join(t('punctuation.list')) }),
    },
  ];
}
