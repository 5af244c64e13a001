// Shows a job while it goes on, and ends with the code of its end: for `muster submit --wait` and `muster jobs --follow`.
import { writeFile } from 'node:fs/promises';
import type { AppError } from '../../shared/api/app-api';
import type { JobEvent, JobView } from '../../shared/api/job';
import { contentOf } from '../../shared/api/job-content';
import { openAiOutputSchema } from '../../shared/protocol/tasks';
import { causeOf, type HttpClient } from '../scheduler-client/http-client';
import type { CliIo } from './command';
import { followJob } from './follow-job';
import { EXIT } from './exit-code';
import { exitCodeOf, failureText, harmless, refusalText, resultBytes, resultText } from './job-text';
import { requestFailure } from './scheduler-client';
import { StreamedWords } from './streamed-words';
import { printable } from './core/text-table';
import { progressText } from './waiting-text';
import type { Wording } from './core/labels';

export interface WatchOptions {
  readonly client: HttpClient;
  readonly baseUrl: string;
  readonly io: CliIo;
  /** Events as JSON lines, instead of words. */
  readonly asJson: boolean;
  readonly wording: Wording;
  /** A file for the result; null: it is printed. */
  readonly output?: string | null;
  /** The models of the pool, where they were asked for. */
  readonly known?: readonly string[];
}

/** Resolves to the exit code. What goes on is told on stderr, what came of it on stdout, streamed words as they come. */
export async function watchJob(
  jobId: string,
  { client, baseUrl, io, asJson, wording, output = null, known = [] }: WatchOptions,
): Promise<number> {
  const words = new StreamedWords(asJson || output !== null ? null : io);
  let told = '';
  const tell = (line: string): void => {
    if (line !== told) io.err(`${line}\n`);
    told = line;
  };
  const ended = await followJob(client, jobId, (event: JobEvent) => {
    if (asJson) io.out(`${JSON.stringify(event)}\n`);
    else if (event.type === 'job') tell(progressText(event.job, Date.now(), wording, known));
    if (event.type === 'chunk') words.take(event);
  });
  if (!ended.ok) return lost(jobId, ended.error, baseUrl, io, wording);
  const job = ended.value;
  const exitCode = exitCodeOf(job);
  if (exitCode !== EXIT.ok) {
    if (!asJson) io.err(`muster: ${whyNot(job, wording)}\n`);
    return exitCode;
  }
  if (output !== null) return writeResult(job, output, io, wording);
  if (words.hasBegun) return endStream(job, words, io);
  if (!asJson) showResult(job, io);
  return EXIT.ok;
}

function endStream(job: JobView, words: StreamedWords, io: CliIo): number {
  const content = contentOf(job.result?.output);
  if (words.end(content.kind === 'text' ? content.text : null, streamedChunks(job))) return EXIT.ok;
  io.err('muster: a part of the answer is missing here\n');
  return EXIT.failure;
}

/** A connection that broke is no end of the job. */
function lost(jobId: string, error: AppError, baseUrl: string, io: CliIo, wording: Wording): number {
  const { message, exitCode } = requestFailure(error, baseUrl, wording);
  const isCut = error.code === 'DISCONNECTED';
  const cause = String(error.details?.['cause'] ?? 'no answer');
  io.err(
    isCut
      ? `muster: the scheduler at ${baseUrl} is lost (${cause}); the job goes on: ${wording.program} jobs ${jobId} --follow${wording.where}\n`
      : `muster: ${message}\n`,
  );
  return exitCode;
}

const whyNot = (job: JobView, wording: Wording): string =>
  job.error === null ? (refusalText(job, wording) ?? job.status) : failureText(job.error, wording);

/** What came of it, for a person. A file that is there is replaced, as with a shell's `>`. */
async function writeResult(job: JobView, file: string, io: CliIo, { program, where }: Wording): Promise<number> {
  const bytes = resultBytes(job);
  if (bytes === null) {
    io.err('muster: the result was not kept\n');
    return EXIT.failure;
  }
  try {
    await writeFile(file, bytes);
    io.err(`${job.job_id}: ${String(bytes.length)} bytes in ${printable(file)}\n`);
    return EXIT.ok;
  } catch (error) {
    io.err(
      `muster: ${printable(file)} cannot be written (${causeOf(error)}); ${program} jobs ${job.job_id} --json${where} has the result\n`,
    );
    return EXIT.failure;
  }
}

/** Bytes are no sight on a terminal: there it is said how many they are. */
function showResult(job: JobView, io: CliIo): void {
  const content = contentOf(job.result?.output);
  if (io.outIsTerminal && content.kind === 'binary') {
    const size = Buffer.byteLength(content.base64, 'base64');
    io.err(`${job.job_id}: ${String(size)} bytes of ${printable(content.content_type)}; submit --output FILE writes them\n`);
    return;
  }
  const result = resultText(job) ?? '';
  io.out(`${io.outIsTerminal ? harmless(result) : result}\n`);
}

/** How many there were, where the node told. */
function streamedChunks({ result }: JobView): number | undefined {
  const output = openAiOutputSchema.safeParse(result?.output).data;
  return output !== undefined && 'chunks' in output ? output.chunks : undefined;
}
