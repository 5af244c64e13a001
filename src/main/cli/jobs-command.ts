// `muster jobs`: the jobs of a running scheduler; with an id one of them, why it waits or what came of it; or an end to one.
import { ALL_NODES_QUERY, JOB_STATUSES, jobListQuerySchema, jobListSchema, jobViewSchema } from '../../shared/api/job';
import type { AppError } from '../../shared/api/app-api';
import { validate } from '../../shared/protocol/decode';
import { HttpClient } from '../scheduler-client/http-client';
import type { CliIo, Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { harmless, jobsText, jobText } from './job-text';
import { findScheduler, requestFailure } from './scheduler-client';
import { watchJob } from './watch-job';
import { type Wording, wordingOf } from './core/labels';

export const jobsCommand: Command = {
  name: 'jobs',
  summary: 'List the jobs of a running scheduler, the newest first; or show, follow or cancel one.',
  operands: ['[JOB]'],
  options: {
    status: { value: 'STATUS', doc: `Only jobs with this status: ${JOB_STATUSES.join(', ')}.` },
    limit: { value: 'N', doc: 'How many of them are listed; by default 50.' },
    cursor: { value: 'CURSOR', doc: 'Go on where an earlier list ended.' },
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
  readonly wording: Wording;
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
  const question = { client: new HttpClient(place.value), baseUrl, io, asJson: options.isSet('json'), wording: wordingOf(io.env, options) };
  const [jobId] = operands;
  const cancelled = options.text('cancel');
  if (cancelled !== undefined) return cancel(cancelled, question);
  if (jobId === undefined) return list(options, question);
  return options.isSet('follow') ? watchJob(jobId, question) : show(jobId, question);
}

/** What chooses among many jobs: without a meaning for one. */
const LIST_OPTIONS = ['status', 'limit', 'cursor'] as const;

function usageFault({ options, operands }: Invocation): string | null {
  const [jobId] = operands;
  const [status, cancelled] = [options.text('status'), options.text('cancel')];
  const chooses = LIST_OPTIONS.find((name) => options.text(name) !== undefined);
  if (status !== undefined && !JOB_STATUSES.some((known) => known === status)) return `--status is one of ${JOB_STATUSES.join(', ')}`;
  if (jobId === '' || cancelled === '') return 'the JOB has no id';
  if (options.isSet('follow') && jobId === undefined) return '--follow: name the JOB';
  if (jobId !== undefined && cancelled !== undefined) return 'one JOB alone is shown or followed';
  if (chooses !== undefined && (jobId ?? cancelled) !== undefined) return `--${chooses} is for the list of jobs, not for one JOB`;
  return listFault(options);
}

/** By the rules of the scheduler. */
function listFault(options: Options): string | null {
  const checked = validate(listQuery(options), jobListQuerySchema);
  return checked.ok ? null : `--${checked.error.field}: ${checked.error.reason}`;
}

const listQuery = (options: Options): Readonly<Record<string, string>> =>
  Object.fromEntries(
    LIST_OPTIONS.flatMap((name) => [[name, options.text(name)]]).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

async function list(options: Options, question: Question): Promise<number> {
  const { client, io, asJson, wording } = question;
  const query = listQuery(options);
  const search = new URLSearchParams(query);
  const path = `/api/v1/jobs${search.size === 0 ? '' : `?${search.toString()}`}`;
  const answer = await client.ask({ method: 'GET', path }, jobListSchema);
  if (!answer.ok) return refused(answer.error, question);
  const { jobs: listed, next_cursor: next } = answer.value;
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : jobsText(listed, Date.now(), query['status']));
  if (next !== null && !asJson) {
    const again = Object.entries({ ...query, cursor: next }).map(([name, value]) => ` --${name} ${value}`);
    io.err(`There are more: ${wording.program} jobs${again.join('')}${wording.where}\n`);
  }
  return EXIT.ok;
}

async function show(jobId: string, question: Question): Promise<number> {
  const { client, io, asJson, wording } = question;
  // With --json every node is shown, and that no node has the model can only be said of all.
  const answer = await client.ask({ method: 'GET', path: `${jobPath(jobId)}?${ALL_NODES_QUERY}` }, jobViewSchema);
  if (!answer.ok) return refused(answer.error, question);
  const text = asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : jobText(answer.value, Date.now(), wording);
  io.out(io.outIsTerminal ? harmless(text) : text);
  return EXIT.ok;
}

async function cancel(jobId: string, question: Question): Promise<number> {
  const { client, io, asJson } = question;
  const answer = await client.ask({ method: 'DELETE', path: jobPath(jobId) }, jobViewSchema);
  if (!answer.ok) return refused(answer.error, question);
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : `${answer.value.job_id}: ${answer.value.status}\n`);
  return EXIT.ok;
}

const jobPath = (jobId: string): string => `/api/v1/jobs/${encodeURIComponent(jobId)}`;

function refused(error: AppError, { baseUrl, io, wording }: Question): number {
  const { message, exitCode } = requestFailure(error, baseUrl, wording);
  io.err(`muster: ${message}\n`);
  return exitCode;
}
