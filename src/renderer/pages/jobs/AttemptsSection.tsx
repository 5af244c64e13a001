// What happened to a job, in order: it was sent, each attempt with its node and end, and the end of the job.
import type { ReactNode } from 'react';
import type { AppAttempt, AppJob } from '../../../shared/api/app-job';
import { isTerminal } from '../../../shared/api/job';
import { useNow } from '../../clock/Clock';
import { Code } from '../../components/Code';
import { Dim } from '../../components/Dim';
import { NodeName } from '../../components/NodeName';
import { Rich } from '../../components/Rich';
import { type Shape, StatusShape } from '../../components/StatusShape';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { JOB_SHAPES, jobErrorWords, OUTCOME_SHAPES } from '../../words/job-words';
import { ExactTime } from '../../components/Time';
import classes from './AttemptsSection.module.css';

export function AttemptsSection({ job }: { readonly job: AppJob }) {
  const { t } = useWords();
  const { attempts, status, finished_at } = job;
  // An end that the last attempt shows is not said twice.
  const isSaid = attempts.at(-1)?.ended_at === finished_at && status !== 'cancelled';
  return (
    <section>
      <h3>{t('jobs.way')}</h3>
      <ol className={classes['way']}>
        <Step shape={JOB_SHAPES.queued} at={job.created_at}>
          {t('jobs.submitted')}
        </Step>
        {attempts.map((attempt) => (
          <AttemptStep key={attempt.attempt} attempt={attempt} />
        ))}
        {isTerminal(status) && finished_at !== null && !isSaid && (
          <Step shape={JOB_SHAPES[status]} at={finished_at}>
            {t(`job_status.${status}`)}
          </Step>
        )}
      </ol>
    </section>
  );
}

function AttemptStep({ attempt }: { readonly attempt: AppAttempt }) {
  const words = useWords();
  const { t } = words;
  const { outcome, started_at, error } = attempt;
  const live: Shape = started_at === null ? 'assigned' : 'running';
  const shape = outcome === null ? live : OUTCOME_SHAPES[outcome];
  const word = outcome === null ? t(`job_status.${live === 'running' ? 'running' : 'assigned'}`) : t(`attempt_outcome.${outcome}`);
  return (
    <Step shape={shape} at={attempt.assigned_at}>
      <Rich k="jobs.attempt" values={{ attempt: attempt.attempt, node: <NodeName nodeId={attempt.node_id} /> }} />
      <div className={classes['outcome']}>
        <StatusWord shape={shape} word={word} />
        <Dim as="span">
          <AttemptTime attempt={attempt} />
        </Dim>
      </div>
      {error !== null && (
        <Dim>
          {jobErrorWords(words, error).title} <Code>{error.code}</Code>
        </Dim>
      )}
    </Step>
  );
}

function AttemptTime({ attempt: { started_at, ended_at } }: { readonly attempt: AppAttempt }) {
  const { t, format } = useWords();
  const now = useNow();
  if (started_at === null) return t(ended_at === null ? 'jobs.attempt_waiting' : 'jobs.attempt_never');
  if (ended_at === null) return t('jobs.attempt_runs', { ran: format.duration(now - started_at) });
  return t('jobs.attempt_ran', { ran: format.took(ended_at - started_at) });
}

function Step({ shape, at, children }: { readonly shape: Shape; readonly at: number; readonly children: ReactNode }) {
  return (
    <li>
      <StatusShape shape={shape} size={16} />
      <div>{children}</div>
      <span className={classes['at']}>
        <ExactTime timeMs={at} />
      </span>
    </li>
  );
}
