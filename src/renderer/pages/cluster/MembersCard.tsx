// The schedulers of the cluster. The row of one with a fault is marked.
import { useMemo } from 'react';
import type { ClusterView } from '../../../shared/api/cluster';
import { Card } from '../../components/Card';
import { DataTable } from '../../components/DataTable/DataTable';
import { useLabels } from '../../i18n/use-labels';
import { memberColumns, type MemberRow } from './cluster-columns';
import { faultOf } from './cluster-warnings';
import classes from './tables.module.css';

const nameOf = ({ member: { name } }: MemberRow): string => name;

export function MembersCard({ cluster: { members, self }, isWaiting }: { readonly cluster: ClusterView; readonly isWaiting: boolean }) {
  const labels = useLabels();
  const { t } = labels;
  const columns = useMemo(() => memberColumns(labels), [labels]);
  const rows = useMemo(
    () =>
      members.map((member) => ({
        member,
        fault: faultOf(member, members),
        isSelf: members.length > 1 && member.name === self,
        isSteppingDown: isWaiting && member.role === 'leader',
      })),
    [members, self, isWaiting],
  );
  return (
    <Card title={t('cluster.members')} className={classes['members']}>
      <DataTable label={t('cluster.members_table')} columns={columns} rows={rows} keyOf={nameOf} />
    </Card>
  );
}
