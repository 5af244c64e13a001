// Follows a job to its end and returns its exit code: for `muster submit --wait` and `muster jobs --follow`.
import { writeFile } from 'node:fs/promises';
import type { AppError } from '../../shared/api/app-api';
import type { JobEvent, JobView } from '../../shared/api/job';
import { contentOf } from '../../shared/api/job-content';
import { openAiOutputSchema } from '../../shared/protocol/tasks';
import { reasonOfError } from '../../shared/errors';
import type { HttpClient } from '../scheduler-client/http-client';
import type { CliIo } from './command';
import { followJob } from './follow-job';
import { EXIT } from './exit-code';
import { exitCodeOf, failureText, printableLines, refusalText, resultBytes, resultText } from './job-text';
import { causeIn, requestFailure } from './request-failure';
import { StreamedText } from './streamed-text';
import { printable } from './core/text-table';
import { progressText } from './waiting-text';
import type { MessageContext } from './core/message-context';

export interface WatchOptions {
  readonly client: HttpClient;
  readonly baseUrl: string;
  readonly io: CliIo;
  /** Print events as JSON lines. */
  readonly asJson: boolean;
  readonly context: MessageContext;
  /** File for the result; null: the result is printed. */
  readonly output?: string | null;
  /** The models of the pool, if requested. */
  readonly known?: readonly string[];
}

/** Resolves to the exit code. Progress goes to stderr, the result to stdout, streamed text as it arrives. */
export async function watchJob(
  jobId: string,
  { client, baseUrl, io, asJson, context, output = null, known = [] }: WatchOptions,
): Promise<number> {
  const text = new StreamedText(asJson || output !== null ? null : io);
  let lastLine = '';
  const printProgress = (line: string): void => {
    if (line !== lastLine) io.err(`${line}\n`);
    lastLine = line;
  };
  const ended = await followJob(client, jobId, (event: JobEvent) => {
    if (asJson) io.out(`${JSON.stringify(event)}\n`);
    else if (event.type === 'job') printProgress(progressText(event.job, Date.now(), context, known));
    if (event.type === 'chunk') text.take(event);
  });
  if (!ended.ok) return followFailed(jobId, ended.error, baseUrl, io, context);
  const job = ended.value;
  const exitCode = exitCodeOf(job);
  if (exitCode !== EXIT.ok) {
    if (!asJson) io.err(`muster: ${endReason(job, context)}\n`);
    return exitCode;
  }
  if (output !== null) return writeResult(job, output, io, context);
  if (text.hasBegun) return endStream(job, text, io);
  if (!asJson) showResult(job, io);
  return EXIT.ok;
}

function endStream(job: JobView, text: StreamedText, io: CliIo): number {
  const content = contentOf(job.result?.output);
  if (text.end(content.kind === 'text' ? content.text : null, streamedChunks(job))) return EXIT.ok;
  io.err('muster: part of the answer is missing\n');
  return EXIT.failure;
}

/** The job continues when the connection is lost. */
function followFailed(jobId: string, error: AppError, baseUrl: string, io: CliIo, context: MessageContext): number {
  const { message, exitCode } = requestFailure(error, baseUrl, context);
  const isCut = error.code === 'DISCONNECTED';
  const cause = causeIn(error);
  io.err(
    isCut
      ? `muster: connection to the scheduler at ${baseUrl} lost (${cause}). The job continues. Follow it with: ${context.program} jobs ${jobId} --follow${context.schedulerFlags}\n`
      : `muster: ${message}\n`,
  );
  return exitCode;
}

const endReason = (job: JobView, context: MessageContext): string =>
  job.error === null ? (refusalText(job, context) ?? job.status) : failureText(job.error, context);

/** An existing file is replaced, as with a shell's `>`. */
async function writeResult(job: JobView, file: string, io: CliIo, { program, schedulerFlags }: MessageContext): Promise<number> {
  const bytes = resultBytes(job);
  if (bytes === null) {
    io.err('muster: the result was not stored\n');
    return EXIT.failure;
  }
  try {
    await writeFile(file, bytes);
    io.err(`${job.job_id}: ${String(bytes.length)} bytes written to ${printable(file)}\n`);
    return EXIT.ok;
  } catch (error) {
    io.err(
      `muster: ${printable(file)} cannot be written (${reasonOfError(error)}). Print the result with: ${program} jobs ${job.job_id} --json${schedulerFlags}\n`,
    );
    return EXIT.failure;
  }
}

/** On a terminal, binary content is not printed, only its size. */
function showResult(job: JobView, io: CliIo): void {
  const content = contentOf(job.result?.output);
  if (io.outIsTerminal && content.kind === 'binary') {
    const size = Buffer.byteLength(content.base64, 'base64');
    io.err(`${job.job_id}: ${String(size)} bytes of ${printable(content.content_type)}; save them with submit --output FILE\n`);
    return;
  }
  const result = resultText(job) ?? '';
  io.out(`${io.outIsTerminal ? printableLines(result) : result}\n`);
}

/** The number of chunks, if the node reported it. */
function streamedChunks({ result }: JobView): number | undefined {
  const output = openAiOutputSchema.safeParse(result?.output).data;
  return output !== undefined && 'chunks' in output ? output.chunks : undefined;
}
