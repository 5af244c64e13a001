// A chat whose words are printed as they come: asked for over the pool's OpenAI path, which misses none and ends with its client.
import type { JobSubmissionInput } from '../../shared/api/job';
import { chunkWords } from '../../shared/api/job-content';
import { parseJsonObject } from '../../shared/protocol/decode';
import { z } from 'zod';
import { failure } from '../contracts/app-errors';
import { causeOf } from '../scheduler-client/http-client';
import { serverEvents } from '../platform/server-events';
import { EXIT } from './exit-code';
import { harmless } from './job-text';
import { noScheduler, requestFailure, TOKEN_HINT } from './scheduler-client';
import type { CliFailure } from './settings';
import { printable } from './core/text-table';
import type { WatchOptions } from './watch-job';

const errorSchema = z.object({ error: z.object({ code: z.string().nullish(), message: z.string() }) });
const DONE = '[DONE]';

/** Resolves to the exit code. With `asJson` each chunk is a line. */
export async function streamChat({ task }: JobSubmissionInput, { client, baseUrl, io, asJson, wording }: WatchOptions): Promise<number> {
  if (task.kind !== 'openai') throw new Error('only a chat is streamed');
  try {
    const response = await fetch(client.url(task.path), {
      method: 'POST',
      headers: { ...client.headers(), 'content-type': 'application/json' },
      body: JSON.stringify({ ...task.body, stream: true }),
      redirect: 'error',
    });
    const jobId = response.headers.get('x-muster-job');
    if (jobId !== null) io.err(`${printable(jobId)}: on ${printable(response.headers.get('x-muster-node') ?? 'no node')}\n`);
    if (!response.ok || response.body === null) return told(await response.text(), jobId !== null);
    for await (const { data } of serverEvents(response.body)) {
      if (data === DONE) {
        if (!asJson) io.out('\n');
        return EXIT.ok;
      }
      const chunk = parseJsonObject(data);
      const value = chunk.ok ? chunk.value : {};
      if (errorSchema.safeParse(value).success) return told(data, true);
      const words = chunkWords(value);
      io.out(asJson ? `${data}\n` : io.outIsTerminal ? harmless(words) : words);
    }
    return unreachable('ended');
  } catch (error) {
    return unreachable(causeOf(error));
  }

  function unreachable(cause: string): number {
    return ended(requestFailure(failure('DISCONNECTED', { cause }).error, baseUrl, wording));
  }

  /** Why there is no answer, or no more of it. */
  function told(body: string, wasAccepted: boolean): number {
    const parsed = parseJsonObject(body);
    const { data } = errorSchema.safeParse(parsed.ok ? parsed.value : null);
    if (data === undefined && !wasAccepted) return ended(noScheduler(baseUrl));
    const [code, message] = data === undefined ? ['', 'the answer cannot be read'] : [data.error.code ?? '', data.error.message];
    const hint = code === 'invalid_api_key' ? TOKEN_HINT : '';
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

/** It waited or ran too long, as a job does that is waited for (docs/cli.md). */
const TOO_LONG: ReadonlySet<string> = new Set(['job_timeout', 'pool_busy', 'model_not_ready', 'no_available_node']);

/** A job that was accepted can only fail, whatever the words; what became none was refused. */
function exitCodeOf(code: string, wasAccepted: boolean): number {
  if (TOO_LONG.has(code)) return EXIT.timeout;
  return wasAccepted || code === 'internal_error' ? EXIT.failure : EXIT.refused;
}
