// The database of the cluster, with its standbys as far as it shows them.
import { useMemo } from 'react';
import type { ClusterView, StandbyView } from '../../../shared/api/cluster';
import { Card } from '../../components/Card';
import { DataTable } from '../../components/DataTable/DataTable';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { standbyColumns } from './cluster-columns';
import classes from './tables.module.css';

const nameOf = ({ name }: StandbyView): string => name;

export function DatabaseCard({ database: { address, standbys } }: Pick<ClusterView, 'database'>) {
  const labels = useLabels();
  const { t } = labels;
  const columns = useMemo(() => standbyColumns(labels), [labels]);
  const note = address === null ? {} : { note: t('cluster.database_note', { address: address.replaceAll(',', ', ') }) };
  return (
    <Card title={t('cluster.database')} {...note} className={classes['standbys']}>
      {standbys.length === 0 ? (
        <Dim as="p">{t('cluster.no_standbys')}</Dim>
      ) : (
        <DataTable label={t('cluster.standbys')} columns={columns} rows={standbys} keyOf={nameOf} />
      )}
    </Card>
  );
}
