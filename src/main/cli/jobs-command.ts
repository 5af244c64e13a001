// `muster jobs`: lists the jobs of a running scheduler, shows or follows one job, or cancels one.
import { ALL_NODES_QUERY, JOB_STATUSES, jobListQuerySchema, jobListSchema, jobViewSchema } from '../../shared/api/job';
import { jobExportQuerySchema, MAX_EXPORTED } from '../../shared/api/job-export';
import type { Outcome } from '../../shared/api/app-api';
import { validate } from '../../shared/protocol/decode';
import { ok } from '../../shared/result';
import type { HttpClient } from '../scheduler-client/http-client';
import type { PoolPort } from '../contracts/ports';
import type { CliIo, Command, Invocation, Options } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { exportJobs } from './export-jobs';
import { jobsText, printableLines, jobText } from './job-text';
import { namesOf, nodesOfPrediction } from './node-names';
import { watchJob } from './watch-job';
import type { MessageContext } from './core/message-context';
import { NO_NAMES } from './core/prediction-text';
import { withScheduler } from './with-scheduler';

export const jobsCommand: Command = {
  name: 'jobs',
  summary: 'List the jobs of a running scheduler, newest first; or show, follow or cancel one job.',
  operands: ['[JOB]'],
  options: {
    status: { value: 'STATUS', doc: `Only jobs with one of these statuses, separated by commas: ${JOB_STATUSES.join(', ')}.` },
    model: { value: 'MODEL', doc: 'Only jobs for this model.' },
    node: { value: 'NODE', doc: 'Only jobs that had an attempt on the node with this ID.' },
    key: { value: 'KEY', doc: 'Only jobs that this key or member sent, by name or ID.' },
    search: { value: 'TEXT', doc: 'Only jobs with this text in the model, or at the beginning of the ID.' },
    limit: { value: 'N', doc: 'Number of jobs to list. Default: 50.' },
    cursor: { value: 'CURSOR', doc: 'Continue a list at this cursor, which the previous list printed.' },
    export: {
      value: 'csv|jsonl',
      doc: `Print the newest ${String(MAX_EXPORTED)} of these jobs as a file without contents: csv or jsonl (JSON lines).`,
    },
    follow: { value: null, doc: 'Follow the job until it ends.' },
    cancel: { value: 'JOB', doc: 'Cancel this job. Its node stops the job.' },
    ...CLIENT_OPTIONS,
  },
  run: jobs,
};

interface Session {
  readonly client: HttpClient;
  readonly baseUrl: string;
  readonly io: CliIo;
  readonly asJson: boolean;
  readonly context: MessageContext;
  readonly pool: PoolPort;
}

async function jobs(invocation: Invocation): Promise<number> {
  const { io, options, operands } = invocation;
  const fault = usageFault(invocation);
  if (fault !== null) {
    io.err(`muster: ${fault}\n`);
    return EXIT.usage;
  }
  return withScheduler(invocation, async ({ client, baseUrl, context, pool }) => {
    const session = { client, baseUrl, io, asJson: options.isSet('json'), context, pool };
    const [jobId] = operands;
    const cancelled = options.text('cancel');
    if (cancelled !== undefined) return cancel(cancelled, session);
    const format = options.text('export');
    if (jobId === undefined)
      return format === undefined ? list(options, session) : exportJobs(client, { ...listQuery(options), format }, (text) => io.out(text));
    return options.isSet('follow') ? ok(await watchJob(jobId, session)) : show(jobId, session);
  });
}

/** Options of the list of jobs. They are not valid for one job. */
const LIST_OPTIONS = ['status', 'model', 'node', 'key', 'search', 'limit', 'cursor'] as const;
/** An export has all pages. */
const PAGE_OPTIONS = ['limit', 'cursor'] as const;

function usageFault({ options, operands }: Invocation): string | null {
  const [jobId] = operands;
  const [status, cancelled] = [options.text('status'), options.text('cancel')];
  const format = options.text('export');
  const listOption = [...LIST_OPTIONS, 'export' as const].find((name) => options.text(name) !== undefined);
  const pageOption = PAGE_OPTIONS.find((name) => options.text(name) !== undefined);
  if (status !== undefined && !status.split(',').every((each) => JOB_STATUSES.some((known) => known === each)))
    return `--status: expected one of ${JOB_STATUSES.join(', ')}`;
  if (jobId === '' || cancelled === '') return 'the ID of the JOB is empty';
  if (options.isSet('follow') && jobId === undefined) return '--follow needs a JOB';
  if (jobId !== undefined && cancelled !== undefined) return '--cancel cannot be used with another JOB';
  if (listOption !== undefined && (jobId ?? cancelled) !== undefined) return `--${listOption} is for the list of jobs, not for one JOB`;
  if (format !== undefined && pageOption !== undefined) return `--${pageOption} cannot be used with --export`;
  return listFault(options);
}

/** The scheduler checks with the same schema. */
function listFault(options: Options): string | null {
  const format = options.text('export');
  const checked =
    format === undefined
      ? validate(listQuery(options), jobListQuerySchema)
      : validate({ ...listQuery(options), format }, jobExportQuerySchema);
  return checked.ok ? null : `--${optionOf(checked.error.field)}: ${checked.error.reason}`;
}

const listQuery = (options: Options): Readonly<Record<string, string>> =>
  Object.fromEntries(
    LIST_OPTIONS.map((name) => [name === 'node' ? 'node_id' : name, options.text(name)]).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

/** The option of a field of the query. */
const optionOf = (field: string): string => (field === 'node_id' ? 'node' : field === 'format' ? 'export' : field);

async function list(options: Options, session: Session): Promise<Outcome<number>> {
  const { client, io, asJson, context } = session;
  const query = listQuery(options);
  const search = new URLSearchParams(query);
  const path = `/api/v1/jobs${search.size === 0 ? '' : `?${search.toString()}`}`;
  const answer = await client.ask({ method: 'GET', path, answer: 'list' }, jobListSchema);
  if (!answer.ok) return answer;
  const { jobs: listed, next_cursor: next } = answer.value;
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : jobsText(listed, Date.now(), query['status']?.replaceAll(',', ' or ')));
  if (next !== null && !asJson) {
    const flags = Object.entries({ ...query, cursor: next }).map(([name, value]) => ` --${optionOf(name)} ${value}`);
    io.err(`More jobs: ${context.program} jobs${flags.join('')}${context.schedulerFlags}\n`);
  }
  return ok(EXIT.ok);
}

async function show(jobId: string, session: Session): Promise<Outcome<number>> {
  const { client, io, asJson, context, pool } = session;
  // `--json` shows every node. The text needs every node too, because it may state that no node has the model.
  const answer = await client.ask({ method: 'GET', path: `${jobPath(jobId)}?${ALL_NODES_QUERY}`, answer: 'job' }, jobViewSchema);
  if (!answer.ok) return answer;
  const { attempts, waiting } = answer.value;
  const names = asJson ? NO_NAMES : await namesOf(pool, nodesOfPrediction(attempts.at(-1)?.prediction, waiting?.held));
  const text = asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : jobText(answer.value, Date.now(), context, names);
  io.out(io.outIsTerminal ? printableLines(text) : text);
  return ok(EXIT.ok);
}

async function cancel(jobId: string, session: Session): Promise<Outcome<number>> {
  const { client, io, asJson } = session;
  const answer = await client.ask({ method: 'DELETE', path: jobPath(jobId), answer: 'job' }, jobViewSchema);
  if (!answer.ok) return answer;
  io.out(asJson ? `${JSON.stringify(answer.value, null, 2)}\n` : `${answer.value.job_id}: ${answer.value.status}\n`);
  return ok(EXIT.ok);
}

const jobPath = (jobId: string): string => `/api/v1/jobs/${encodeURIComponent(jobId)}`;
