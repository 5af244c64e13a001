// `muster submit`: gives a job to a running scheduler, and waits for its result where that is asked for.
import { idempotencyKeySchema, jobAcceptedViewSchema, jobViewSchema } from '../../shared/api/job';
import { HttpClient } from '../app/http-client';
import type { CliIo, Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { jobSubmission } from './job-submission';
import { findScheduler, requestFailure } from './scheduler-client';
import { streamChat } from './stream-chat';
import { progressText, watchJob } from './watch-job';

export const submitCommand: Command = {
  name: 'submit',
  summary: 'Submit a job: FILE holds it as JSON (- for what is piped in), or flags say what to run.',
  operands: ['[FILE]'],
  options: {
    model: { value: 'ID', doc: 'The model to run.' },
    prompt: { value: 'TEXT', doc: 'What to tell it.' },
    input: { value: 'FILE', doc: 'What to give it, instead of --prompt: a file, or - for what is piped in.' },
    task: { value: 'chat|command', doc: 'A chat (the default), or the command of a model folder.' },
    wait: { value: null, doc: 'Wait for its end and print the result.' },
    output: { value: 'FILE', doc: 'Wait for its end and write the result there: sound and pictures as they are, else its text.' },
    stream: { value: null, doc: 'Print the words of a chat as they come. When this ends, so does the job.' },
    'idempotency-key': { value: 'KEY', doc: 'The same key and job are one job, however often they are submitted within a day.' },
    ...CLIENT_OPTIONS,
  },
  run: submit,
};

/** For a body of megabytes on a slow line. */
const TIMEOUT_MS = 60_000;

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
  const place = await findScheduler(invocation);
  if (!place.ok) {
    io.err(`muster: ${place.error.message}\n`);
    return place.error.exitCode;
  }
  const { baseUrl } = place.value;
  const client = new HttpClient({ ...place.value, timeoutMs: TIMEOUT_MS });
  if (options.isSet('stream')) return streamChat(submission.value, { client, baseUrl, io, asJson: options.isSet('json') });
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const accepted = await client.ask({ method: 'POST', path: '/api/v1/jobs', body: submission.value, headers }, jobAcceptedViewSchema);
  if (!accepted.ok) {
    const { message, exitCode } = requestFailure(accepted.error, baseUrl);
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const { job_id: jobId, status } = accepted.value;
  const asJson = options.isSet('json');
  const output = options.text('output') ?? null;
  if (options.isSet('wait') || output !== null) return watchJob(jobId, { client, baseUrl, io, asJson, output });
  io.out(asJson ? `${JSON.stringify(accepted.value, null, 2)}\n` : `${jobId} ${status}\n`);
  if (status === 'queued' && !asJson) await sayWhyItWaits(jobId, client, io);
  return EXIT.ok;
}

/** So that a misspelt model is noticed now. The job is safe in any case: an answer that does not come is not missed. */
async function sayWhyItWaits(jobId: string, client: HttpClient, io: CliIo): Promise<void> {
  const job = await client.ask({ method: 'GET', path: `/api/v1/jobs/${jobId}` }, jobViewSchema);
  if (job.ok && Object.keys(job.value.waiting?.reasons ?? {}).length > 0) io.err(`${progressText(job.value)}\n`);
}
