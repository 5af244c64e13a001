// Sends the requests of an act on a model to its server. A load answers when the model is in memory, or at once (llama.cpp).
import { z } from 'zod';
import { parseJson } from '../../../shared/json';
import { MAX_CONTROL_MESSAGE } from '../../../shared/protocol/model-control';
import type { ControlRequest } from '../core/servers/server-type';
import type { ControlEnd } from '../runtime';
import { exchange, readBody } from './exchange';
import type { RuntimeConnection } from './probe';

/** Large models on slow disks take minutes. */
export const CONTROL_TIMEOUT_MS = 10 * 60 * 1000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Ends at the first request that fails. Never rejects. */
export async function controlModel(
  { target, clock, headers }: RuntimeConnection,
  requests: readonly ControlRequest[],
  signal: AbortSignal,
): Promise<ControlEnd> {
  for (const { method = 'POST', path, body } of requests) {
    const answer = await exchange(
      {
        target,
        clock,
        method,
        path,
        headers: { ...headers, 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(body)),
        timeoutMs: CONTROL_TIMEOUT_MS,
        signal,
      },
      async (response) => ({ status: response.status, text: (await readBody(response, MAX_ANSWER_BYTES)).toString('utf8') }),
    );
    if (!answer.ok) return { ok: false, message: answer.error };
    const fault = faultOf(answer.value);
    if (fault !== null) return { ok: false, message: fault.slice(0, MAX_CONTROL_MESSAGE) };
  }
  return { ok: true };
}

/** Ollama: a text. llama.cpp and LM Studio: an object with a message. */
const errorSchema = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** LM Studio answers 200 with an error for a path that it does not have. */
function faultOf({ status, text }: { readonly status: number; readonly text: string }): string | null {
  const { error } = errorSchema.safeParse(parseJson(text)).data ?? {};
  if (error !== undefined) return typeof error === 'string' ? error : error.message;
  return status === 200 ? null : `HTTP status ${String(status)}`;
}
