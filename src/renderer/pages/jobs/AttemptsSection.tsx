// The timeline of a job: submission, each attempt with its node and outcome, the wait between two attempts, the end of the job.
import { Fragment, type ReactNode } from 'react';
import type { AppAttempt, AppJob } from '../../../shared/api/app-job';
import { isTerminal } from '../../../shared/api/job';
import type { PredictionView } from '../../../shared/api/prediction';
import { useNow } from '../../clock/Clock';
import { CodeDetails } from '../../components/CodeDetails';
import { Dim } from '../../components/Dim';
import { NodeName } from '../../components/NodeName';
import { Rich } from '../../components/Rich';
import { StatusShape } from '../../components/StatusShape';
import type { Shape } from '../../labels/shape';
import { StatusLabel } from '../../components/StatusLabel';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { JOB_SHAPES, jobErrorLabel, OUTCOME_SHAPES } from '../../labels/job-labels';
import { ExactTime } from '../../components/Time';
import { shownSeconds } from '../../components/WhyNode/terms';
import classes from './AttemptsSection.module.css';

export function AttemptsSection({ job }: { readonly job: AppJob }) {
  const { t } = useLabels();
  const { attempts, status, finished_at } = job;
  // The last attempt shows the end already.
  const isEndShown = attempts.at(-1)?.ended_at === finished_at && status !== 'cancelled';
  return (
    <section>
      <h3>{t('jobs.timeline')}</h3>
      <ol className={classes['timeline']}>
        <Step shape="offline" at={job.created_at}>
          {t('jobs.submitted')}
        </Step>
        {attempts.map((attempt, i) => (
          <Fragment key={attempt.attempt}>
            <AttemptStep attempt={attempt} />
            <WaitStep after={attempt} nextWallMs={attempts[i + 1]?.assigned_at ?? null} status={status} />
          </Fragment>
        ))}
        {isTerminal(status) && finished_at !== null && !isEndShown && (
          <Step shape={JOB_SHAPES[status]} at={finished_at}>
            {t(`job_status.${status}`)}
          </Step>
        )}
      </ol>
    </section>
  );
}

function AttemptStep({ attempt }: { readonly attempt: AppAttempt }) {
  const labels = useLabels();
  const { t } = labels;
  const { outcome, started_at, error, prediction } = attempt;
  const live: Shape = started_at === null ? 'assigned' : 'running';
  const shape = outcome === null ? live : OUTCOME_SHAPES[outcome];
  const label = outcome === null ? t(`job_status.${live === 'running' ? 'running' : 'assigned'}`) : t(`attempt_outcome.${outcome}`);
  return (
    <Step shape={shape} at={attempt.assigned_at}>
      <Rich k="jobs.attempt" values={{ attempt: attempt.attempt, node: <NodeName nodeId={attempt.node_id} /> }} />
      <div className={classes['outcome']}>
        <StatusLabel shape={shape} label={label} />
        <Dim as="span">
          <AttemptTime attempt={attempt} />
        </Dim>
        {prediction !== undefined && <Dim as="span">{predictionText(labels, prediction)}</Dim>}
      </div>
      {error !== null && error.code !== outcome && (
        <>
          <Dim>{jobErrorLabel(labels, error).title}</Dim>
          <CodeDetails code={error.code} />
        </>
      )}
    </Step>
  );
}

interface WaitStepProps {
  readonly after: AppAttempt;
  /** The assignment of the next attempt. Null: none yet. */
  readonly nextWallMs: number | null;
  readonly status: AppJob['status'];
}

/** Shorter waits are not listed. */
const LEAST_WAIT_MS = 1000;

/** After a failure the scheduler delays the retry; other jobs return to the queue at once. */
const DELAYED: ReadonlySet<AppAttempt['outcome']> = new Set(['failed', 'attempt_timeout']);

function WaitStep({ after: { outcome, ended_at: from }, nextWallMs, status }: WaitStepProps) {
  const { t, format } = useLabels();
  const now = useNow();
  if (from === null || (nextWallMs === null && status !== 'queued')) return null;
  const waitedMs = (nextWallMs ?? now) - from;
  if (nextWallMs !== null && waitedMs < LEAST_WAIT_MS) return null;
  const reason = DELAYED.has(outcome) ? 'delay' : 'queue';
  const time = nextWallMs === null ? format.duration(Math.max(0, waitedMs)) : format.took(waitedMs);
  return (
    <Step shape="waiting" at={from}>
      {t(nextWallMs === null ? `jobs.wait.${reason}_now` : `jobs.wait.${reason}`, { time })}
    </Step>
  );
}

/** The predicted time, or how the node was chosen when none is known. */
function predictionText(labels: Labels, { route, nodes: [chosen] }: PredictionView): string {
  const { t, format } = labels;
  return chosen === undefined ? labels.code('route', route) : t('why_node.predicted', { seconds: format.seconds(shownSeconds(chosen)) });
}

function AttemptTime({ attempt: { started_at, ended_at } }: { readonly attempt: AppAttempt }) {
  const { t, format } = useLabels();
  const now = useNow();
  if (started_at === null) return t(ended_at === null ? 'jobs.attempt_waiting' : 'jobs.attempt_never');
  if (ended_at === null) return t('jobs.attempt_runs', { ran: format.duration(now - started_at) });
  return t('jobs.attempt_ran', { ran: format.took(ended_at - started_at) });
}

function Step({ shape, at, children }: { readonly shape: Shape; readonly at: number; readonly children: ReactNode }) {
  return (
    <li>
      <span className={classes['at']}>
        <ExactTime wallMs={at} />
      </span>
      <StatusShape shape={shape} size={16} />
      <div>{children}</div>
    </li>
  );
}
