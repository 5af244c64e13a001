// Shows a job while it goes on, and ends with the code of its end: for `muster submit --wait` and `muster jobs --follow`.
import { writeFile } from 'node:fs/promises';
import type { JobEvent, JobView } from '../../shared/api/job';
import { causeOf, type HttpClient } from '../app/http-client';
import type { CliIo } from './command';
import { followJob } from './follow-job';
import { EXIT } from './exit-code';
import { chunkText, exitCodeOf, failureText, harmless, resultBytes, resultText } from './job-text';
import { requestFailure } from './scheduler-client';
import { printable } from './text-table';

export interface WatchOptions {
  readonly client: HttpClient;
  readonly baseUrl: string;
  readonly io: CliIo;
  /** Events as JSON lines, instead of words. */
  readonly asJson: boolean;
  /** A file for the result; null: it is printed. */
  readonly output?: string | null;
}

/** Resolves to the exit code. What goes on is told on stderr, what came of it on stdout, streamed words as they come. */
export async function watchJob(jobId: string, { client, baseUrl, io, asJson, output = null }: WatchOptions): Promise<number> {
  const streamed = { attempt: 0, hasText: false };
  const show = (event: JobEvent): void => {
    if (asJson) io.out(`${JSON.stringify(event)}\n`);
    else if (event.type === 'job') io.err(`${progressText(event.job)}\n`);
    else showChunk(event);
  };
  const showChunk = ({ attempt, seq, data }: Extract<JobEvent, { type: 'chunk' }>): void => {
    if (attempt !== streamed.attempt) {
      if (streamed.hasText) io.out('\n');
      if (streamed.attempt > 0) io.err(`muster: attempt ${String(attempt)} begins anew\n`);
      if (seq > 0) io.err(`muster: ${String(seq)} pieces came before this was followed\n`);
      streamed.attempt = attempt;
    }
    const text = chunkText(data);
    if (text === '') return;
    streamed.hasText = true;
    io.out(io.outIsTerminal ? harmless(text) : text);
  };
  const ended = await followJob(client, jobId, show);
  if (!ended.ok) {
    const { message, exitCode } = requestFailure(ended.error, baseUrl);
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const job = ended.value;
  if (output !== null && job.status === 'succeeded') {
    const written = await writeResult(job, output);
    io.err(`${written.words}\n`);
    if (!written.ok) return EXIT.failure;
  } else if (!asJson) showEnd(job, streamed.hasText, io);
  return exitCodeOf(job);
}

/** What came of it, for a person. A file that is there is replaced, as with a shell's `>`. */
async function writeResult(job: JobView, file: string): Promise<{ readonly ok: boolean; readonly words: string }> {
  const bytes = resultBytes(job);
  if (bytes === null) return { ok: false, words: 'muster: the result is not kept any more' };
  try {
    await writeFile(file, bytes);
    return { ok: true, words: `${job.job_id}: ${String(bytes.length)} bytes in ${printable(file)}` };
  } catch (error) {
    return { ok: false, words: `muster: ${printable(file)} cannot be written (${causeOf(error)})` };
  }
}

function showEnd(job: JobView, wasStreamed: boolean, io: CliIo): void {
  const { error } = job;
  if (error !== null) {
    io.err(`muster: ${failureText(error)}\n`);
    return;
  }
  const result = wasStreamed ? '' : (resultText(job) ?? '');
  io.out(`${io.outIsTerminal ? harmless(result) : result}\n`);
}

export function progressText({ job_id: jobId, status, node_id: nodeId, attempt, waiting }: JobView): string {
  if (status !== 'queued') return `${jobId}: ${status}${nodeId === null ? '' : ` on ${nodeId}, attempt ${String(attempt)}`}`;
  const reasons = Object.entries(waiting?.reasons ?? {}).map(([code, { count }]) => `${code} ${String(count)}`);
  return `${jobId}: queued${reasons.length === 0 ? '' : ` (${reasons.join(', ')}); muster jobs ${jobId} says what each node lacks`}`;
}
