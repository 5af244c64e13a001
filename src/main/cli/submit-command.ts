// `muster submit`: submits a job to a running scheduler, and waits for its result on request.
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { ALL_NODES_QUERY, idempotencyKeySchema, jobAcceptedViewSchema, type JobSubmissionInput, jobViewSchema } from '../../shared/api/job';
import { reasonOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import type { HttpClient } from '../scheduler-client/http-client';
import type { CliIo, Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { LIMIT_OPTIONS } from './job-limits';
import { jobSubmission } from './job-submission';
import { streamChat } from './stream-chat';
import { printable } from './core/text-table';
import { watchJob } from './watch-job';
import { progressText } from './waiting-text';
import type { MessageContext } from './core/message-context';
import { type SchedulerSession, withScheduler } from './with-scheduler';

export const submitCommand: Command = {
  name: 'submit',
  summary: 'Submit a job: from FILE as JSON (- for standard input), or from options.',
  operands: ['[FILE]'],
  options: {
    model: { value: 'ID', doc: 'The model to run.' },
    prompt: { value: 'TEXT', doc: 'Text for the model.' },
    input: { value: 'FILE', doc: 'Input file instead of --prompt; - for standard input.' },
    task: { value: 'chat|command', doc: 'A chat (default), or the command of a model folder.' },
    param: { value: 'NAME=VALUE', doc: 'A parameter of the command. Can be repeated.', multiple: true },
    node: { value: 'NODE', doc: 'Run only on the node with this ID.' },
    ...LIMIT_OPTIONS,
    wait: { value: null, doc: 'Wait for the end of the job and print its result.' },
    output: {
      value: 'FILE',
      doc: 'Wait for the end of the job and write its result to FILE: audio and images as bytes, anything else as text.',
    },
    stream: { value: null, doc: 'Print the answer of a chat while it is generated. The job ends with this command.' },
    'idempotency-key': { value: 'KEY', doc: 'Submitting the same job with the same key again within a day returns the first job.' },
    ...CLIENT_OPTIONS,
  },
  run: submit,
};

/** A little longer than the request timeout of a scheduler, so that its error answer arrives. */
const TIMEOUT_MS = 35_000;

async function submit(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const key = options.text('idempotency-key');
  if (key !== undefined && !idempotencyKeySchema.safeParse(key).success) {
    io.err('muster: --idempotency-key: 1 to 255 visible ASCII characters\n');
    return EXIT.usage;
  }
  const submission = await jobSubmission(invocation);
  if (!submission.ok) {
    io.err(`muster: ${submission.error}\n`);
    return EXIT.usage;
  }
  const fault = await outputFault(options.text('output'));
  if (fault !== null) {
    io.err(`muster: ${fault}\n`);
    return EXIT.usage;
  }
  return withScheduler(invocation, (session) => send(submission.value, invocation, session), TIMEOUT_MS);
}

/** Submits the job and waits for it on request. */
async function send(
  job: JobSubmissionInput,
  { io, options }: Invocation,
  { client, baseUrl, context }: SchedulerSession,
): Promise<Outcome<number>> {
  const asJson = options.isSet('json');
  if (options.isSet('stream')) return ok(await streamChat(job, { client, baseUrl, io, context, asJson }));
  const key = options.text('idempotency-key');
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const accepted = await client.ask({ method: 'POST', path: '/api/v1/jobs', body: job, headers }, jobAcceptedViewSchema);
  if (!accepted.ok) return accepted;
  const { job_id: jobId, status, model } = accepted.value;
  if (model !== undefined && !asJson) io.err(`the job runs ${printable(model)}\n`);
  const output = options.text('output') ?? null;
  const isWaited = options.isSet('wait') || output !== null;
  const known = status === 'queued' && !asJson ? await modelsOf(client) : [];
  if (isWaited) return ok(await watchJob(jobId, { client, baseUrl, io, context, asJson, output, known }));
  io.out(asJson ? `${JSON.stringify(accepted.value, null, 2)}\n` : `${jobId} ${status}\n`);
  if (status === 'queued' && !asJson) await printWaitingReason(jobId, { client, io, context, known });
  return ok(EXIT.ok);
}

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The models of the pool, for a suggestion. Empty when the request fails. */
async function modelsOf(client: HttpClient): Promise<readonly string[]> {
  const list = await client.ask({ method: 'GET', path: '/v1/models', answer: 'list' }, modelListSchema);
  return list.ok ? list.value.data.map(({ id }) => id) : [];
}

/** Why the output file cannot be written, checked before the job is submitted. Null when no problem is known. */
async function outputFault(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  for (const target of [file, path.dirname(file)]) {
    try {
      await access(target, constants.W_OK);
      return null;
    } catch (error) {
      const cause = reasonOfError(error);
      if (cause !== 'ENOENT' || target !== file) return `--output: ${printable(file)} cannot be written (${cause})`;
    }
  }
  return null;
}

interface Submitted {
  readonly client: HttpClient;
  readonly io: CliIo;
  readonly context: MessageContext;
  readonly known: readonly string[];
}

/** Shows a misspelt model at once. The job is already submitted, so a failed request is ignored. */
async function printWaitingReason(jobId: string, { client, io, context, known }: Submitted): Promise<void> {
  const job = await client.ask({ method: 'GET', path: `/api/v1/jobs/${jobId}?${ALL_NODES_QUERY}`, answer: 'job' }, jobViewSchema);
  if (!job.ok || job.value.waiting === null) return;
  const { reasons, nodes, blocked_by: blockedBy } = job.value.waiting;
  if (Object.keys(reasons).length > 0 || nodes.length === 0 || blockedBy !== null)
    io.err(`${progressText(job.value, Date.now(), context, known)}\n`);
}
