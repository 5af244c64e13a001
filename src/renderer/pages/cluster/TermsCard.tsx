// The last leaders, and why each term ended. Schedulers of an earlier version keep no terms.
import { useMemo } from 'react';
import type { LeaderTermView } from '../../../shared/api/cluster';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { DataTable } from '../../components/DataTable/DataTable';
import { useLabels } from '../../i18n/use-labels';
import { termColumns } from './cluster-columns';
import { LeaderStrip } from './LeaderStrip';
import classes from './tables.module.css';

const epochOf = ({ epoch }: LeaderTermView): string => String(epoch);

export function TermsCard({ terms, isWaiting }: { readonly terms: readonly LeaderTermView[]; readonly isWaiting: boolean }) {
  const labels = useLabels();
  const { t } = labels;
  const columns = useMemo(() => termColumns(labels, isWaiting), [labels, isWaiting]);
  if (terms.length === 0) return null;
  return (
    <Card title={t('cluster.terms')} className={classes['terms']}>
      <LeaderStrip terms={terms} />
      <DataTable label={t('cluster.terms_table')} columns={columns} rows={terms} keyOf={epochOf} />
      <Dim as="p">{t('cluster.epoch_note')}</Dim>
    </Card>
  );
}
