// `muster submit`: gives a job to a running scheduler, and waits for its result where that is asked for.
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ALL_NODES_QUERY, idempotencyKeySchema, jobAcceptedViewSchema, jobViewSchema } from '../../shared/api/job';
import { causeOf, HttpClient } from '../scheduler-client/http-client';
import type { CliIo, Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { LIMIT_OPTIONS } from './job-limits';
import { jobSubmission } from './job-submission';
import { findScheduler, requestFailure } from './scheduler-client';
import { streamChat } from './stream-chat';
import { printable } from './core/text-table';
import { watchJob } from './watch-job';
import { progressText } from './waiting-text';
import { type Wording, wordingOf } from './core/labels';

export const submitCommand: Command = {
  name: 'submit',
  summary: 'Submit a job: FILE holds it as JSON (- for what is piped in), or flags say what to run.',
  operands: ['[FILE]'],
  options: {
    model: { value: 'ID', doc: 'The model to run.' },
    prompt: { value: 'TEXT', doc: 'What to tell it.' },
    input: { value: 'FILE', doc: 'What to give it, instead of --prompt: a file, or - for what is piped in.' },
    task: { value: 'chat|command', doc: 'A chat (the default), or the command of a model folder.' },
    param: { value: 'NAME=VALUE', doc: 'A parameter of the command. May be given several times.', multiple: true },
    node: { value: 'NODE', doc: 'Only this node will do, by its id.' },
    ...LIMIT_OPTIONS,
    wait: { value: null, doc: 'Wait for its end and print the result.' },
    output: { value: 'FILE', doc: 'Wait for its end and write the result there: sound and pictures as they are, else its text.' },
    stream: { value: null, doc: 'Print the words of a chat as they come. When this ends, so does the job.' },
    'idempotency-key': { value: 'KEY', doc: 'The same key and job are one job, however often they are submitted within a day.' },
    ...CLIENT_OPTIONS,
  },
  run: submit,
};

/** A little longer than a scheduler waits for a request to arrive, so that its own words are heard. */
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
  const unwritable = await whyUnwritable(options.text('output'));
  if (unwritable !== null) {
    io.err(`muster: ${unwritable}\n`);
    return EXIT.usage;
  }
  const place = await findScheduler(invocation);
  if (!place.ok) {
    io.err(`muster: ${place.error.message}\n`);
    return place.error.exitCode;
  }
  const { baseUrl } = place.value;
  const wording = wordingOf(io.env, options);
  const client = new HttpClient({ ...place.value, timeoutMs: TIMEOUT_MS });
  if (options.isSet('stream')) return streamChat(submission.value, { client, baseUrl, io, wording, asJson: options.isSet('json') });
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const accepted = await client.ask({ method: 'POST', path: '/api/v1/jobs', body: submission.value, headers }, jobAcceptedViewSchema);
  if (!accepted.ok) {
    const { message, exitCode } = requestFailure(accepted.error, baseUrl, wording);
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const { job_id: jobId, status } = accepted.value;
  const asJson = options.isSet('json');
  const output = options.text('output') ?? null;
  const isWaited = options.isSet('wait') || output !== null;
  const known = status === 'queued' && !asJson ? await modelsOf(client) : [];
  if (isWaited) return watchJob(jobId, { client, baseUrl, io, wording, asJson, output, known });
  io.out(asJson ? `${JSON.stringify(accepted.value, null, 2)}\n` : `${jobId} ${status}\n`);
  if (status === 'queued' && !asJson) await sayWhyItWaits(jobId, { client, io, wording, known });
  return EXIT.ok;
}

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The models of the pool; none where that is not answered: they are for a guess only. */
async function modelsOf(client: HttpClient): Promise<readonly string[]> {
  const list = await client.ask({ method: 'GET', path: '/v1/models' }, modelListSchema);
  return list.ok ? list.value.data.map(({ id }) => id) : [];
}

/** Said before a job is submitted for it. Null: a file can be written there as far as is known. */
async function whyUnwritable(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  for (const place of [file, path.dirname(file)]) {
    try {
      await access(place, constants.W_OK);
      return null;
    } catch (error) {
      const cause = causeOf(error);
      if (cause !== 'ENOENT' || place !== file) return `--output: ${printable(file)} cannot be written (${cause})`;
    }
  }
  return null;
}

interface Asked {
  readonly client: HttpClient;
  readonly io: CliIo;
  readonly wording: Wording;
  readonly known: readonly string[];
}

/** So that a misspelt model is noticed now. The job is safe in any case: an answer that does not come is not missed. */
async function sayWhyItWaits(jobId: string, { client, io, wording, known }: Asked): Promise<void> {
  const job = await client.ask({ method: 'GET', path: `/api/v1/jobs/${jobId}?${ALL_NODES_QUERY}` }, jobViewSchema);
  if (!job.ok || job.value.waiting === null) return;
  const { reasons, nodes, blocked_by: blockedBy } = job.value.waiting;
  if (Object.keys(reasons).length > 0 || nodes.length === 0 || blockedBy !== null)
    io.err(`${progressText(job.value, Date.now(), wording, known)}\n`);
}
