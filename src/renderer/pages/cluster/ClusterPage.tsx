// The schedulers of the pool: which one leads, those that wait to lead, their database, and what endangers them. The owner can let another
// one lead.
import { useMemo, useState } from 'react';
import { type BusView, type ClusterView, isMissing, type LeaderTermView, MISSING_AFTER_SECONDS } from '../../../shared/api/cluster';
import { useClockPart } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { DataTable } from '../../components/DataTable/DataTable';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Facts } from '../../components/Facts';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useMay } from '../../components/RightNote';
import { StatTiles } from '../../components/StatTiles';
import { ClockTime } from '../../components/Time';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { useCluster } from '../../queries/cluster';
import { useApp } from '../../store/Screen';
import { memberColumns, standbyColumns, termColumns } from './cluster-columns';
import { type ClusterWarning, clusterWarnings } from './cluster-warnings';
import { StepDown } from './StepDown';
import classes from './ClusterPage.module.css';

const MS_PER_SECOND = 1000;
const nameOf = ({ name }: { readonly name: string }): string => name;
const epochOf = ({ epoch }: LeaderTermView): string => String(epoch);

export function ClusterPage() {
  const { t } = useLabels();
  const hasPool = useApp((app) => app.pool !== null);
  if (hasPool) return <PoolCluster />;
  return (
    <Page title={t('nav.cluster')}>
      <PoolElsewhere page="cluster" />
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
      {value !== null && (epoch === null ? <Alone cluster={value} /> : <Cluster cluster={value} isWaiting={isWaiting} />)}
    </Page>
  );
}

function Alone({ cluster: { members } }: { readonly cluster: ClusterView }) {
  const { t, format } = useLabels();
  const [member] = members;
  const runsFor = useClockPart((nowWallMs) => (member === undefined ? null : format.duration(nowWallMs - member.started_at)));
  return (
    <Card title={t('cluster.alone_title')}>
      <div className={classes['lines']}>
        <p>{t('cluster.alone')}</p>
        {member !== undefined && (
          <Facts
            facts={[
              [t('cluster.name'), member.name],
              [t('cluster.address'), member.address],
              [t('cluster.version'), member.version],
              [t('cluster.runs_for'), runsFor],
              [t('cluster.database'), t('cluster.files')],
            ]}
          />
        )}
        <Dim as="p">{t('cluster.alone_more')}</Dim>
      </div>
    </Card>
  );
}

function Cluster({ cluster, isWaiting }: { readonly cluster: ClusterView; readonly isWaiting: boolean }) {
  const labels = useLabels();
  const { t, format } = labels;
  const columns = useMemo(() => memberColumns(labels), [labels]);
  const warnings = clusterWarnings(cluster);
  return (
    <>
      {isWaiting && (
        <Card title={t('cluster.waiting_title')} tone="warning">
          <p role="status">
            <Rich k="cluster.waiting" values={{ name: cluster.leader ?? cluster.self }} />
          </p>
        </Card>
      )}
      {warnings.length > 0 && (
        <Card title={t('cluster.warnings')} note={format.number(warnings.length)} tone="warning">
          <ul className={classes['warnings']}>
            {warnings.map((warning) => (
              <li key={'member' in warning ? `${warning.kind} ${warning.member.name}` : warning.kind}>
                <Warning warning={warning} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card label={t('cluster.figures')}>
        <Figures cluster={cluster} />
      </Card>
      <Card title={t('cluster.members')} note={format.number(cluster.members.length)}>
        <DataTable label={t('cluster.members_table')} columns={columns} rows={cluster.members} keyOf={nameOf} />
      </Card>
      <Terms terms={cluster.terms} />
      <Database cluster={cluster} />
      {cluster.bus !== null && <Bus bus={cluster.bus} />}
    </>
  );
}

function Figures({ cluster: { leader, leads_since: since, epoch, members } }: { readonly cluster: ClusterView }) {
  const { t, format } = useLabels();
  const leadsFor = useClockPart((nowWallMs) => (since === null ? null : format.duration(nowWallMs - since)));
  const address = members.find(({ role }) => role === 'leader')?.address;
  const seen = members.filter((member) => !isMissing(member)).length;
  return (
    <StatTiles
      label={t('cluster.figures')}
      tiles={[
        { label: t('cluster.leader'), figure: leader, note: leader === null ? t('cluster.none_leads') : address },
        {
          label: t('cluster.leads_for'),
          figure: leadsFor,
          ...(since === null ? {} : { note: <Rich k="cluster.leads_since" values={{ time: <ClockTime wallMs={since} /> }} /> }),
        },
        { label: t('cluster.epoch'), figure: epoch === null ? null : format.number(epoch), note: t('cluster.epoch_note') },
        {
          label: t('cluster.seen_members'),
          figure: format.number(seen),
          unit: t('cluster.of', { total: format.number(members.length) }),
          note: t('cluster.seen_note', { seconds: format.number(MISSING_AFTER_SECONDS) }),
        },
      ]}
    />
  );
}

function Warning({ warning }: { readonly warning: ClusterWarning }) {
  const { t, format } = useLabels();
  switch (warning.kind) {
    case 'missing':
      return (
        <Rich
          k="cluster.warning.missing"
          values={{ name: warning.member.name, age: format.duration(warning.member.seen_seconds * MS_PER_SECOND) }}
        />
      );
    case 'without_bus':
      return <Rich k="cluster.warning.without_bus" values={{ name: warning.member.name }} />;
    case 'versions':
      return t('cluster.warning.versions', { versions: warning.versions.join(t('punctuation.list')) });
    case 'no_leader':
    case 'only_one':
    case 'no_sync':
      return t(`cluster.warning.${warning.kind}`);
  }
}

function Bus({ bus }: { readonly bus: BusView }) {
  const { t, format } = useLabels();
  const faults = bus.unsent + bus.stale + bus.malformed;
  return (
    <Card title={t('cluster.bus')}>
      <Facts
        facts={[
          [t('cluster.bus_state'), t(bus.is_connected ? 'cluster.bus_connected' : 'cluster.bus_lost')],
          [t('cluster.bus_server'), bus.server ?? t('unknown.none')],
          [t('cluster.bus_channels'), format.number(bus.channels)],
          [
            t('cluster.bus_dropped'),
            faults === 0
              ? format.number(0)
              : t('cluster.bus_counts', {
                  unsent: format.number(bus.unsent),
                  stale: format.number(bus.stale),
                  malformed: format.number(bus.malformed),
                }),
          ],
        ]}
      />
    </Card>
  );
}

/** Schedulers of an earlier version keep no terms. */
function Terms({ terms }: { readonly terms: readonly LeaderTermView[] }) {
  const labels = useLabels();
  const { t } = labels;
  const columns = useMemo(() => termColumns(labels), [labels]);
  if (terms.length === 0) return null;
  return (
    <Card title={t('cluster.terms')}>
      <DataTable label={t('cluster.terms_table')} columns={columns} rows={terms} keyOf={epochOf} />
    </Card>
  );
}

function Database({ cluster: { database } }: { readonly cluster: ClusterView }) {
  const labels = useLabels();
  const { t } = labels;
  const columns = useMemo(() => standbyColumns(labels), [labels]);
  return (
    <Card title={t('cluster.database')}>
      <div className={classes['parts']}>
        <Facts
          facts={[
            [t('cluster.database_kind'), 'PostgreSQL'],
            [t('cluster.database_address'), database.address ?? t('unknown.none')],
          ]}
        />
        {database.standbys.length === 0 ? (
          <Dim as="p">{t('cluster.no_standbys')}</Dim>
        ) : (
          <DataTable label={t('cluster.standbys')} columns={columns} rows={database.standbys} keyOf={nameOf} />
        )}
      </div>
    </Card>
  );
}
