// One job in the list: model and task, its reason in a second line, and at the right how long it waits or runs, or when it ended. Without an
// open job it is one line with columns. A job that has not ended can be selected.
import type { AppJobRow } from '../../../shared/api/app-job';
import { useNow } from '../../clock/Clock';
import { RowBox } from '../../components/DataTable/SelectBox';
import { useNodeNames } from '../../components/NodeName';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES, shortId } from '../../labels/job-labels';
import { hrefOf } from '../../routes';
import { useRoute } from '../../store/use-route';
import { JobCells, JobName } from './JobCells';
import { ranMs, waitedMs } from './job-figures';
import { jobReason } from './job-reason';
import classes from './JobRow.module.css';

export interface JobRowProps {
  readonly job: AppJobRow;
  readonly isOpen: boolean;
  readonly isWide: boolean;
  readonly selection: RowSelection;
}

export interface RowSelection {
  /** Jobs that can be selected: those that have not ended, and that the user may cancel. */
  readonly offered: ReadonlySet<string>;
  readonly selected: ReadonlySet<string>;
  readonly toggle: (jobId: string) => void;
}

export function JobRow({ job, isOpen, isWide, selection }: JobRowProps) {
  const route = useRoute();
  const { job_id: jobId, status } = job;
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
        {isWide ? <JobCells job={job} /> : <JobLines job={job} />}
      </a>
    </li>
  );
}

function JobLines({ job }: { readonly job: AppJobRow }) {
  const labels = useLabels();
  const { t, format } = labels;
  const nowWallMs = useNow();
  const nameOf = useNodeNames();
  const { status, finished_at: endedAt, created_at: sentAt } = job;
  const time =
    endedAt !== null
      ? t('job_row.ended', { time: format.clock(endedAt, nowWallMs) })
      : format.duration(status === 'queued' ? waitedMs(job, nowWallMs) : (ranMs(job, nowWallMs) ?? nowWallMs - sentAt));
  return (
    <>
      <JobName task={job.task} className={classes['name']} />
      <span className={classes['time']}>{time}</span>
      <span className={classes['reason']}>
        <span className="visually-hidden">{t(`job_status.${status}`)}</span>
        {jobReason(job, { labels, nameOf, nowWallMs })}
      </span>
    </>
  );
}
