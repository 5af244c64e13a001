// Which jobs to list: all, or those with one status.
import { SegmentedControl } from '@mantine/core';
import { JOB_STATUSES, type JobStatus } from '../../../shared/api/job';
import { useLabels } from '../../i18n/use-labels';
import classes from './StatusFilter.module.css';

const ALL = 'all';

export interface StatusFilterProps {
  /** Null: all. */
  readonly status: JobStatus | null;
  readonly onChange: (status: JobStatus | null) => void;
}

export function StatusFilter({ status, onChange }: StatusFilterProps) {
  const { t } = useLabels();
  return (
    <div className={classes['scroll']}>
      <SegmentedControl
        size="xs"
        classNames={{ label: classes['label'] ?? '' }}
        aria-label={t('jobs.filter')}
        value={status ?? ALL}
        onChange={(value) => onChange(JOB_STATUSES.find((known) => known === value) ?? null)}
        data={[{ value: ALL, label: t('jobs.all') }, ...JOB_STATUSES.map((value) => ({ value, label: t(`job_status.${value}`) }))]}
      />
    </div>
  );
}
