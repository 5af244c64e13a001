// One page of jobs, as far as they match the search.
import { useMemo } from 'react';
import type { AppState } from '../../../shared/api/app-state';
import type { AppJobRow } from '../../../shared/api/app-job';
import { DataTable } from '../../components/DataTable/DataTable';
import { createSearch } from '../../components/DataTable/search-rows';
import { Dim } from '../../components/Dim';
import { useWords, type Words } from '../../i18n/use-words';
import { useScreen } from '../../store/Screen';
import { useRoutePart } from '../../store/use-route';
import { taskWord } from '../../words/job-words';
import { jobColumns } from './job-columns';

const keyOf = ({ job_id }: AppJobRow): string => job_id;

export function JobList({ jobs }: { readonly jobs: readonly AppJobRow[] }) {
  const words = useWords();
  const { t } = words;
  const { store } = useScreen();
  const search = useRoutePart((route) => route.search);
  const columns = useMemo(() => jobColumns(words), [words]);
  // Names are read when a row is searched: the list need not follow the nodes.
  const searchRows = useMemo(() => createSearch<AppJobRow>((job) => jobText(job, words, store.getState().app)), [words, store]);
  const found = searchRows(jobs, search);
  if (found.length === 0) return <Dim as="p">{t('table.none_found')}</Dim>;
  return <DataTable label={t('jobs.list')} columns={columns} rows={found} keyOf={keyOf} />;
}

function jobText({ job_id, task, status, node_id, error }: AppJobRow, words: Words, app: AppState | null): string {
  const node = node_id === null ? [] : [node_id, app?.nodes.get(node_id)?.name ?? ''];
  return [job_id, task.model, taskWord(words, task), words.t(`job_status.${status}`), error?.code ?? '', ...node].join(' ');
}
