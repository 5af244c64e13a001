// `muster jobs`: the jobs of a running scheduler; with an id one of them, why it waits or what came of it; or an end to one.
import { JOB_STATUSES, jobListSchema, jobViewSchema } from '../../shared/api/job';
import type { AppError } from '../../shared/api/app-api';
import { HttpClient } from '../app/http-client';
import type { CliIo, Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { jobsText, jobText } from './job-text';
import { findScheduler, requestFailure } from './scheduler-client';
import { watchJob } from './watch-job';

export const jobsCommand: Command = {
  name: 'jobs',
  summary: 'List the jobs of a running scheduler, the newest first; or show, follow or cancel one.',
  operands: ['[JOB]'],
  options: {
    status: { value: 'STATUS', doc: `Only jobs with this status: ${JOB_STATUSES.join(', ')}.` },
    follow: { value: null, doc: 'Follow the job until it has ended.' },
    cancel: { value: 'JOB', doc: 'Cancel this job; its node is told to stop.' },
    ...CLIENT_OPTIONS,
  },
  run: jobs,
};

interface Question {
  readonly client: HttpClient;
  readonly baseUrl: string;
  readonly io: CliIo;
  readonly asJson: boolean;
}

async function jobs(invocation: Invocation): Promise<number> {
  const { io, options, operands } = invocation;
  const fault = usageFault(invocation);
  if (fault !== null) {
    io.err(`muster: ${fault}\n`);
    return EXIT.usage;
  }
  const place = await findScheduler(invocation);
  if (!place.ok) {
    io.err(`muster: ${place.error.message}\n`);
    return place.error.exitCode;
  }
  const { baseUrl } = place.value;
  const question = { client: new HttpClient(place.value), baseUrl, io, asJson: options.isSet('json') };
  const [jobId] = operands;
  const cancelled = options.text('cancel');
  if (cancelled !== undefined) return cancel(cancelled, question);
  if (jobId === undefined) return list(options.text('status'), question);
  return options.isSet('follow') ? watchJob(jobId, question) : show(jobId, question);
}

function usageFault({ options, operands }: Invocation): string | null {
  const status = options.text('status');
  const hasJob = operands.length > 0;
  if (status !== undefined && !JOB_STATUSES.some((known) => known === status)) return `--status is one of ${JOB_STATUSES.join(', ')}`;
  if (options.isSet('follow') && !hasJob) return '--follow: name the JOB';
  if (hasJob && (status !== undefined || options.text('cancel') !== undefined)) return 'one JOB alone is shown or followed';
  return null;
}

async function list(status: string | undefined, { client, baseUrl, io, asJson }: Question): Promise<number> {
  const path = `/api/v1/jobs${status === undefined ? '' : `?status=${status}`}`;
  const answer = await client.ask({ method: 'GET', path }, jobListSchema);
  if (!answer.ok) return refused(answer.error, baseUrl, io);
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : jobsText(answer.value.jobs, Date.now(), status));
  return EXIT.ok;
}

async function show(jobId: string, { client, baseUrl, io, asJson }: Question): Promise<number> {
  const answer = await client.ask({ method: 'GET', path: jobPath(jobId) }, jobViewSchema);
  if (!answer.ok) return refused(answer.error, baseUrl, io);
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : jobText(answer.value, Date.now()));
  return EXIT.ok;
}

async function cancel(jobId: string, { client, baseUrl, io, asJson }: Question): Promise<number> {
  const answer = await client.ask({ method: 'DELETE', path: jobPath(jobId) }, jobViewSchema);
  if (!answer.ok) return refused(answer.error, baseUrl, io);
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : `${answer.value.job_id}: ${answer.value.status}\n`);
  return EXIT.ok;
}

const jobPath = (jobId: string): string => `/api/v1/jobs/${encodeURIComponent(jobId)}`;

function refused(error: AppError, baseUrl: string, io: CliIo): number {
  const { message, exitCode } = requestFailure(error, baseUrl);
  io.err(`muster: ${message}\n`);
  return exitCode;
}
