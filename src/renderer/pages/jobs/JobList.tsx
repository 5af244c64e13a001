// One page of the job list: the jobs that match the search.
import { useMemo } from 'react';
import type { AppState } from '../../../shared/api/app-state';
import type { AppJobRow } from '../../../shared/api/app-job';
import { DataTable } from '../../components/DataTable/DataTable';
import { createSearch } from '../../components/DataTable/search-rows';
import { Dim } from '../../components/Dim';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { useRoutePart } from '../../store/use-route';
import { taskLabel } from '../../labels/job-labels';
import { jobColumns } from './job-columns';

const keyOf = ({ job_id }: AppJobRow): string => job_id;

export function JobList({ jobs }: { readonly jobs: readonly AppJobRow[] }) {
  const labels = useLabels();
  const { t } = labels;
  const { store } = useScreen();
  const search = useRoutePart((route) => route.search);
  const openId = useRoutePart((route) => route.id);
  const columns = useMemo(() => jobColumns(labels), [labels]);
  // Node names are read when a row is searched: the list does not render again when nodes change.
  const searchRows = useMemo(() => createSearch<AppJobRow>((job) => jobText(job, labels, store.getState().app)), [labels, store]);
  const found = searchRows(jobs, search);
  if (found.length === 0) return <Dim as="p">{t('table.none_found')}</Dim>;
  return <DataTable label={t('jobs.list')} columns={columns} rows={found} keyOf={keyOf} openKey={openId} />;
}

function jobText({ job_id, task, status, node_id, error }: AppJobRow, labels: Labels, app: AppState | null): string {
  const node = node_id === null ? [] : [node_id, app?.nodes.get(node_id)?.name ?? ''];
  return [job_id, task.model, taskLabel(labels, task), labels.t(`job_status.${status}`), error?.code ?? '', ...node].join(' ');
}
