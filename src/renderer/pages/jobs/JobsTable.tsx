// One page of jobs as rows.
import type { AppJobRow } from '../../../shared/api/app-job';
import { Table } from '../../components/Table';
import { useWords } from '../../i18n/use-words';
import { JobRow } from './JobRow';

const COLUMNS = ['job', 'status', 'node', 'attempts', 'sent', 'waited', 'ran'] as const;

export function JobsTable({ jobs }: { readonly jobs: readonly AppJobRow[] }) {
  const { t } = useWords();
  return (
    <Table label={t('jobs.list')} columns={COLUMNS.map((column) => t(`jobs.${column}`))}>
      {jobs.map((job) => (
        <JobRow key={job.job_id} job={job} />
      ))}
    </Table>
  );
}
