// A job in one line with columns, and the titles of the columns.
import type { AppJobRow } from '../../../shared/api/app-job';
import { useNow } from '../../clock/Clock';
import { useNodeNames } from '../../components/NodeName';
import colours from '../../components/ShapeColour.module.css';
import { useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES, taskLabel } from '../../labels/job-labels';
import { jobNote } from './job-reason';
import { Ran, Waited } from './JobTimes';
import classes from './JobCells.module.css';

const COLUMNS = ['job', 'status', 'node', 'sender', 'waited', 'ran', 'sent'] as const;
type Column = (typeof COLUMNS)[number];

/** Each value in a row has the title of its column for screen readers. */
export function ColumnTitles() {
  const { t } = useLabels();
  return (
    <div className={classes['titles']} aria-hidden="true">
      {COLUMNS.map((column) => (
        <span key={column} className={classes[column]}>
          {t(`job_page.column.${column}`)}
        </span>
      ))}
    </div>
  );
}

export function JobCells({ job }: { readonly job: AppJobRow }) {
  const labels = useLabels();
  const { t, format } = labels;
  const nowWallMs = useNow();
  const nameOf = useNodeNames();
  const { status, node_id: nodeId, submitter, task } = job;
  const note = jobNote(job, { labels, nameOf, nowWallMs });
  return (
    <>
      <JobName task={task} className={classes['job']} />
      <span className={classes['status']}>
        <span className={[classes['word'], colours['colour']].join(' ')} data-shape={JOB_SHAPES[status]}>
          {t(`job_status.${status}`)}
        </span>
        {note !== null && <span className={classes['note']}>{note}</span>}
      </span>
      <Cell column="node">{nodeId === null ? null : nameOf(nodeId)}</Cell>
      <Cell column="sender">{submitter?.name ?? null}</Cell>
      <Cell column="waited">
        <Waited job={job} />
      </Cell>
      <Cell column="ran">
        <Ran job={job} />
      </Cell>
      <Cell column="sent">{format.clock(job.created_at, nowWallMs)}</Cell>
    </>
  );
}

function Cell({ column, children }: { readonly column: Column; readonly children: React.ReactNode }) {
  const { t } = useLabels();
  return (
    <span className={classes[column]} title={typeof children === 'string' ? children : undefined}>
      <span className="visually-hidden">{t(`job_page.column.${column}`)} </span>
      {children ?? <span data-unknown="">{t('unknown.none')}</span>}
    </span>
  );
}

export function JobName({ task, className }: { readonly task: AppJobRow['task']; readonly className: string | undefined }) {
  const labels = useLabels();
  return (
    <span className={className}>
      <b title={task.model}>{task.model}</b> <span>{taskLabel(labels, task)}</span>
    </span>
  );
}
