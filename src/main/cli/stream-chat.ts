// A chat whose words are printed as they come: asked for over the pool's OpenAI path, which misses none and ends with its client.
import type { JobSubmissionInput } from '../../shared/api/job';
import { parseJsonObject } from '../../shared/protocol/decode';
import { z } from 'zod';
import { failure } from '../app/app-errors';
import { causeOf } from '../app/http-client';
import { serverEvents } from '../platform/server-events';
import { EXIT } from './exit-code';
import { chunkText, harmless } from './job-text';
import { requestFailure } from './scheduler-client';
import { printable } from './text-table';
import type { WatchOptions } from './watch-job';

const errorSchema = z.object({ error: z.object({ code: z.string().nullish(), message: z.string() }) });
const DONE = '[DONE]';

/** Resolves to the exit code. With `asJson` each chunk is a line. */
export async function streamChat({ task }: JobSubmissionInput, { client, baseUrl, io, asJson }: WatchOptions): Promise<number> {
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
    if (!response.ok || response.body === null) return told(io, await response.text(), response.status);
    for await (const { data } of serverEvents(response.body)) {
      if (data === DONE) {
        if (!asJson) io.out('\n');
        return EXIT.ok;
      }
      const chunk = parseJsonObject(data);
      const value = chunk.ok ? chunk.value : {};
      if (errorSchema.safeParse(value).success) return told(io, data, 0);
      const words = chunkText(value);
      io.out(asJson ? `${data}\n` : io.outIsTerminal ? harmless(words) : words);
    }
    return unreachable('ended');
  } catch (error) {
    return unreachable(causeOf(error));
  }

  function unreachable(cause: string): number {
    const { message, exitCode } = requestFailure(failure('DISCONNECTED', { cause }).error, baseUrl);
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
}

const HTTP_GATEWAY_TIMEOUT = 504;

/** Why there is no answer. A job that failed is a failure, whatever else a refusal. */
function told(io: WatchOptions['io'], body: string, status: number): number {
  const parsed = parseJsonObject(body);
  const { data } = errorSchema.safeParse(parsed.ok ? parsed.value : null);
  const [code, message] = data === undefined ? ['', `HTTP ${String(status)}`] : [data.error.code ?? '', data.error.message];
  io.err(`muster: ${code === '' ? '' : `${printable(code)}: `}${printable(message)}\n`);
  if (status === HTTP_GATEWAY_TIMEOUT) return EXIT.timeout;
  return ['', 'job_failed', 'job_timeout', 'stream_broken', 'internal_error'].includes(code) ? EXIT.failure : EXIT.refused;
}
