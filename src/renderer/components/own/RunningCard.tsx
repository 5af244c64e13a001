// The job slots of this computer: the running jobs, and the free slots, or that they take no jobs now.
import { memo } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import type { AppJobRow } from '../../../shared/api/app-job';
import { availabilityOf, slotsOf } from '../../../shared/api/availability';
import { MAX_JOBS_SHOWN } from '../../../shared/api/app-job';
import { may } from '../../../shared/api/pool-access';
import { useClockPart } from '../../clock/Clock';
import { Card } from '../Card';
import { StatusShape } from '../StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { taskLabel } from '../../labels/job-labels';
import { useJobs } from '../../queries/jobs';
import { hrefOf } from '../../routes';
import { ownStatusOf } from '../../../shared/api/own-status';
import { useApp } from '../../store/Screen';
import classes from './RunningCard.module.css';

/** More free slots than these are one line. */
const FREE_SHOWN = 2;
/** One list for all renders. */
const NO_JOBS: readonly AppJobRow[] = [];

export interface RunningCardProps {
  readonly agent: AgentView;
  /** There the card needs no link, and another name than the running jobs of the pool. */
  readonly isOnJobsPage?: boolean;
}

/** Absent without a status: the slots are then not known. */
export function RunningCard({ agent, isOnJobsPage = false }: RunningCardProps) {
  const { t } = useLabels();
  const mayRead = useApp(({ pool }) => may(pool, 'read_jobs'));
  const status = ownStatusOf(agent);
  if (status === null) return null;
  const { used, total } = slotsOf(status);
  // Null: the list of the jobs cannot be asked for.
  const nodeId = mayRead ? agent.node_id : null;
  const { state } = availabilityOf(status);
  const closed: SlotCounts['closed'] =
    state === 'available' || state === 'full' ? null : state === 'paused' || state === 'registering' ? state : 'now';
  const slots = {
    used,
    total,
    closed,
    title: t(isOnJobsPage ? 'running.here' : 'running.title'),
    hasLink: nodeId !== null && !isOnJobsPage,
  };
  // Without jobs there is nothing to ask for.
  return nodeId !== null && used > 0 ? <WithJobs nodeId={nodeId} {...slots} /> : <Slots jobs={NO_JOBS} {...slots} />;
}

interface SlotCounts {
  readonly title: string;
  readonly used: number;
  readonly total: number;
  /** Why a free slot takes no job. Null: free slots take jobs. */
  readonly closed: 'paused' | 'registering' | 'now' | null;
  readonly hasLink: boolean;
}

function WithJobs({ nodeId, ...slots }: SlotCounts & { readonly nodeId: string }) {
  // A job may run elsewhere now, after an attempt here.
  const jobs =
    useJobs({ status: ['running'], node_id: nodeId, limit: MAX_JOBS_SHOWN }).value?.jobs.filter(
      ({ status, node_id }) => status === 'running' && node_id === nodeId,
    ) ?? [];
  return <Slots jobs={jobs} {...slots} />;
}

interface SlotsProps extends SlotCounts {
  readonly jobs: readonly AppJobRow[];
}

const Slots = memo(function Slots({ jobs, title, used, total, closed, hasLink }: SlotsProps) {
  const { t, format } = useLabels();
  // The list and the status of the node have different ages: a job may have ended in one of them.
  const shown = jobs.slice(0, used);
  const unnamed = used - shown.length;
  const free = Math.max(0, total - used);
  const slots = t('availability_reason.slots', { used: format.number(used), total: format.number(total) });
  return (
    <Card
      title={title}
      note={slots}
      aside={
        hasLink && (
          <a className="link-target" href={hrefOf({ page: 'jobs' })}>
            {t('running.all')}
          </a>
        )
      }
    >
      <ul className={classes['rows']}>
        {shown.map((job) => (
          <RunningJob key={job.job_id} job={job} />
        ))}
        {unnamed > 0 && (
          <li>
            <StatusShape shape="running" size={15} />
            <span>{t('running.other', { count: unnamed })}</span>
          </li>
        )}
        {closed !== null ? (
          <FreeSlot text={t(`running.closed.${closed}`)} />
        ) : free > FREE_SHOWN ? (
          <FreeSlot text={t('running.free_count', { count: free })} />
        ) : (
          Array.from({ length: free }, (_slot, index) => <FreeSlot key={index} text={t('running.free')} />)
        )}
      </ul>
    </Card>
  );
});

function RunningJob({ job }: { readonly job: AppJobRow }) {
  const labels = useLabels();
  const ran = useClockPart((nowWallMs) =>
    job.started_at === null ? labels.t('unknown.none') : labels.format.duration(nowWallMs - job.started_at),
  );
  return (
    <li>
      <StatusShape shape="running" size={15} />
      <span className={classes['main']}>
        <a href={hrefOf({ page: 'jobs', id: job.job_id })}>{job.task.model}</a> {taskLabel(labels, job.task)}
      </span>
      <span className={classes['figure']}>{ran}</span>
    </li>
  );
}

function FreeSlot({ text }: { readonly text: string }) {
  return (
    <li className={classes['free']}>
      <StatusShape shape="offline" size={15} />
      <span>{text}</span>
    </li>
  );
}
