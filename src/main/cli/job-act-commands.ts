// `muster retry JOB` and `muster cancel JOB...`: acts on jobs of a running scheduler.
import { type CancelledJobs, MAX_CANCELLED } from '../../shared/api/job-acts';
import { assertNever } from '../../shared/assert-never';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { printable } from './core/text-table';
import { requestFailure } from './request-failure';
import { withScheduler } from './with-scheduler';

export const retryCommand: Command = {
  name: 'retry',
  summary: 'Submit the task of a job that failed, expired or was cancelled once more. Prints the ID of the new job.',
  operands: ['JOB'],
  options: CLIENT_OPTIONS,
  run: retry,
};

export const cancelCommand: Command = {
  name: 'cancel',
  summary: 'Cancel jobs, also on their nodes.',
  operands: ['JOB', '[JOB...]'],
  options: CLIENT_OPTIONS,
  run: cancel,
};

const EMPTY_ID = 'muster: the ID of the JOB is empty\n';

async function retry(invocation: Invocation): Promise<number> {
  const { io, options, operands } = invocation;
  const [jobId = ''] = operands;
  if (jobId === '') {
    io.err(EMPTY_ID);
    return EXIT.usage;
  }
  return withScheduler(invocation, async ({ pool }) => {
    const retried = await pool.retryJob(jobId);
    if (!retried.ok) return retried;
    io.out(options.isSet('json') ? `${JSON.stringify(retried.value, null, 2)}\n` : `${printable(retried.value.job_id)}\n`);
    return ok(EXIT.ok);
  });
}

/** Each job gets a line; the exit code says whether all of them were cancelled. */
async function cancel(invocation: Invocation): Promise<number> {
  const { io, options, operands } = invocation;
  const fault = operands.includes('')
    ? EMPTY_ID
    : operands.length > MAX_CANCELLED
      ? `muster: at most ${String(MAX_CANCELLED)} jobs\n`
      : null;
  if (fault !== null) {
    io.err(fault);
    return EXIT.usage;
  }
  return withScheduler(invocation, async ({ pool, baseUrl, context }) => {
    const cancelled = await pool.cancelJobs(operands);
    if (!cancelled.ok) return cancelled;
    if (options.isSet('json')) io.out(`${JSON.stringify(cancelled.value, null, 2)}\n`);
    const refusals = cancelled.value.jobs.map(refusalOf).filter((refusal) => refusal !== null);
    for (const { job_id: jobId, outcome } of options.isSet('json') ? [] : cancelled.value.jobs)
      if (outcome === 'cancelled') io.out(`${printable(jobId)}: cancelled\n`);
    for (const refusal of refusals) io.err(`muster: ${requestFailure(refusal.error, baseUrl, context).message}\n`);
    return ok(refusals.length === 0 ? EXIT.ok : EXIT.refused);
  });
}

function refusalOf({ job_id: jobId, outcome }: CancelledJobs['jobs'][number]): ReturnType<typeof failure> | null {
  switch (outcome) {
    case 'cancelled':
      return null;
    case 'not_found':
      return failure('NOT_FOUND', { job_id: jobId, reason: 'unknown_job' });
    case 'already_ended':
      return failure('INVALID_STATE', { job_id: jobId, reason: outcome });
    case 'storage_full':
      return failure('STORAGE_FULL', { job_id: jobId, reason: 'disk' });
    default:
      return assertNever(outcome);
  }
}
