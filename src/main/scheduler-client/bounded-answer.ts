// Sends requests to a scheduler and reads the answers within limits. The program at the address may not be a scheduler: its answer may be
// endless, slow or compressed. A compressed answer is refused, since the request accepts none and a small one can fill the memory.
import { codeOfError } from '../../shared/errors';
import type { Fetch, FetchInit } from '../trust/pinned-fetch';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The limit of each kind of answer. */
export const MAX_ANSWER_BYTES = {
  health: 64 * KIB,
  refusal: 256 * KIB,
  /** The view of one record, without contents. */
  record: 4 * MIB,
  list: 32 * MIB,
  /** A job with its task and its result. Each of them fits in one frame of the node protocol. */
  job: 48 * MIB,
  /** All events of one job, or of one streamed answer. */
  stream: 256 * MIB,
} as const;
export type AnswerKind = keyof typeof MAX_ANSWER_BYTES;

/** The limit of one event of a job or of a streamed answer: a job with its contents. */
export const JOB_EVENT_LIMIT = { maxEventCharacters: MAX_ANSWER_BYTES.job } as const;

/** A stream has at least a comment every 15 s. After this silence the connection counts as lost. */
export const MAX_SILENCE_MS = 60_000;

type RefusalCode = 'answer_too_large' | 'answer_compressed' | 'silent';

/** The client stopped reading. `code` is the cause that the caller reports. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';

  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

/** Sends with `send`, without redirects and without compression. Rejects as `send` does, or with `AnswerRefused`. */
export async function fetchPlain(url: string, init: FetchInit, send: Fetch = fetch): Promise<Response> {
  const response = await send(url, { redirect: 'error', ...init, headers: { ...init.headers, 'accept-encoding': 'identity' } });
  const encoding = response.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return response;
  await cancel(response);
  throw new AnswerRefused('answer_compressed');
}

/** The whole text of an answer. Rejects with `AnswerRefused` when the answer exceeds the limit. */
export async function readText(response: Response, kind: AnswerKind): Promise<string> {
  const maxBytes = MAX_ANSWER_BYTES[kind];
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await cancel(response);
    throw new AnswerRefused('answer_too_large');
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(response.body, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The body in pieces, at most this many bytes in all. A consumer that stops early cancels the body. */
export async function* bounded(body: Response['body'], maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new AnswerRefused('answer_too_large');
    yield chunk;
  }
}

/** Aborts a request after a silence. The time during which the caller processes a piece does not count. */
export class SilenceLimit {
  readonly #abort = new AbortController();
  readonly #maxSilenceMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(maxSilenceMs: number = MAX_SILENCE_MS) {
    this.#maxSilenceMs = maxSilenceMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The silence begins now. */
  start(): void {
    this.end();
    this.#timer = setTimeout(() => {
      this.#abort.abort(new AnswerRefused('silent'));
    }, this.#maxSilenceMs);
  }

  /** No limit any more. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async *watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      this.start();
      for await (const piece of body) {
        this.end();
        yield piece;
        this.start();
      }
    } finally {
      this.end();
    }
  }
}

/** Ends the connection of an answer that is not read. */
const cancel = (response: Response): Promise<void> => response.body?.cancel().catch(() => undefined) ?? Promise.resolve();

/** The cause of a failed request: the code of the system or of this client, such as ECONNREFUSED, else the message or name of the error. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return codeOfError(cause) ?? cause.message;
  return codeOfError(error) ?? error.name;
}
