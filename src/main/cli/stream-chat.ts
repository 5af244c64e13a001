// Prints a chat while the model generates it. Uses the OpenAI API of the pool, because its stream has no gaps and the job ends with the
// client.
import type { JobSubmissionInput } from '../../shared/api/job';
import { chunkText } from '../../shared/api/job-content';
import { parseJsonObject } from '../../shared/protocol/decode';
import { z } from 'zod';
import { failure } from '../contracts/app-errors';
import { bounded, causeOf, JOB_EVENT_LIMIT, MAX_ANSWER_BYTES, readText, SilenceLimit } from '../scheduler-client/bounded-answer';
import { serverEvents } from '../platform/server-events';
import { EXIT } from './exit-code';
import { printableLines } from './job-text';
import { noScheduler, requestFailure, tokenHint } from './request-failure';
import type { CliFailure } from './settings';
import { printable } from './core/text-table';
import type { WatchOptions } from './watch-job';

const errorSchema = z.object({ error: z.object({ code: z.string().nullish(), message: z.string() }) });
const DONE = '[DONE]';

/** Resolves to the exit code. With `asJson` each chunk is a line. */
export async function streamChat({ task }: JobSubmissionInput, { client, baseUrl, io, asJson, context }: WatchOptions): Promise<number> {
  if (task.kind !== 'openai') throw new Error('only a chat can be streamed');
  try {
    const silence = new SilenceLimit();
    const response = await client.fetch(client.url(task.path), {
      method: 'POST',
      headers: { ...client.headers(), 'content-type': 'application/json' },
      body: JSON.stringify({ ...task.body, stream: true }),
      // The answer begins when a node has the request. How long that may take is up to the scheduler.
      signal: silence.signal,
    });
    const jobId = response.headers.get('x-muster-job');
    if (jobId !== null) io.err(`${printable(jobId)}: on ${printable(response.headers.get('x-muster-node') ?? 'no node')}\n`);
    if (!response.ok || response.body === null) return failed(await readText(response, 'refusal'), jobId !== null);
    for await (const { data } of serverEvents(silence.watch(bounded(response.body, MAX_ANSWER_BYTES.stream)), JOB_EVENT_LIMIT)) {
      if (data === DONE) {
        if (!asJson) io.out('\n');
        return EXIT.ok;
      }
      const chunk = parseJsonObject(data);
      const value = chunk.ok ? chunk.value : {};
      if (errorSchema.safeParse(value).success) return failed(data, true);
      const text = chunkText(value);
      io.out(asJson ? `${data}\n` : io.outIsTerminal ? printableLines(text) : text);
    }
    return unreachable('ended');
  } catch (error) {
    return unreachable(causeOf(error));
  }

  function unreachable(cause: string): number {
    return ended(requestFailure(failure('DISCONNECTED', { cause }).error, baseUrl, context));
  }

  /** Prints why the answer is missing or incomplete. */
  function failed(body: string, wasAccepted: boolean): number {
    const parsed = parseJsonObject(body);
    const { data } = errorSchema.safeParse(parsed.ok ? parsed.value : null);
    if (data === undefined && !wasAccepted) return ended(noScheduler(baseUrl));
    const [code, message] = data === undefined ? ['', 'the answer is not valid'] : [data.error.code ?? '', data.error.message];
    const hint = code === 'invalid_api_key' ? tokenHint(context) : '';
    return ended({
      exitCode: exitCodeOf(code, wasAccepted),
      message: `${code === '' ? '' : `${printable(code)}: `}${printable(message)}${hint}`,
    });
  }

  function ended({ message, exitCode }: CliFailure): number {
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
}

/** Timeouts have a separate exit code, as with `--wait` (docs/cli.md). */
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'job_timeout',
  'pool_busy',
  'pool_full',
  'model_not_ready',
  'model_failing',
  'no_available_node',
]);

/** A request that became a job can only fail. Any other one was refused. */
function exitCodeOf(code: string, wasAccepted: boolean): number {
  if (TIMEOUT_CODES.has(code)) return EXIT.timeout;
  return wasAccepted || code === 'internal_error' ? EXIT.failure : EXIT.refused;
}
