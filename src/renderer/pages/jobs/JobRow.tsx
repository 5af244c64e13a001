// One job in the list: model and task, its reason in a second line, and at the right how long it waits or runs, or when it ended. A job that
// has not ended can be selected.
import type { AppJobRow } from '../../../shared/api/app-job';
import { useNow } from '../../clock/Clock';
import { RowBox } from '../../components/DataTable/SelectBox';
import { useNodeNames } from '../../components/NodeName';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES, shortId, taskLabel } from '../../labels/job-labels';
import { hrefOf } from '../../routes';
import { useRoute } from '../../store/use-route';
import { ranMs, waitedMs } from './job-figures';
import { jobReason } from './job-reason';
import classes from './JobRow.module.css';

export interface JobRowProps {
  readonly job: AppJobRow;
  readonly isOpen: boolean;
  readonly selection: RowSelection;
}

export interface RowSelection {
  /** Jobs that can be selected: those that have not ended, and that the user may cancel. */
  readonly offered: ReadonlySet<string>;
  readonly selected: ReadonlySet<string>;
  readonly toggle: (jobId: string) => void;
}

export function JobRow({ job, isOpen, selection }: JobRowProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const route = useRoute();
  const nowWallMs = useNow();
  const { job_id: jobId, status, task } = job;
  const nameOf = useNodeNames();
  const isSelectable = selection.offered.has(jobId);
  return (
    <li className={classes['row']} data-open={isOpen || undefined} data-status={status}>
      <span className={classes['mark']} data-selectable={isSelectable || undefined}>
        <StatusShape shape={JOB_SHAPES[status]} size={14} />
        {isSelectable && (
          <RowBox name={shortId(jobId)} rowKey={jobId} isSelected={selection.selected.has(jobId)} onSelect={selection.toggle} />
        )}
      </span>
      <a data-key={jobId} href={hrefOf({ ...route, page: 'jobs', id: jobId })} aria-current={isOpen || undefined}>
        <span className={classes['name']}>
          <b title={task.model}>{task.model}</b> <span>{taskLabel(labels, task)}</span>
        </span>
        <span className={classes['time']}>{timeText()}</span>
        <span className={classes['reason']}>
          <span className="visually-hidden">{t(`job_status.${status}`)}</span>
          {jobReason(job, { labels, nameOf, nowWallMs })}
        </span>
      </a>
    </li>
  );

  function timeText(): string {
    if (job.finished_at !== null) return format.clock(job.finished_at, nowWallMs);
    return format.duration(status === 'queued' ? waitedMs(job, nowWallMs) : (ranMs(job, nowWallMs) ?? nowWallMs - job.created_at));
  }
}
