// AppApi over HTTP: operations as POST, events as a streamed fetch (EventSource cannot send an Authorization header).
// The program sends events without ids, so a stream that is opened again begins with a snapshot.
import type { AppApi } from '../../shared/api/app-api';
import type { AppEvent } from '../../shared/api/app-state';
import { errorBodySchema } from '../../shared/api/node-view';
import type { BackoffPolicy } from '../../shared/backoff';
import { AccessDenied, type ConnectionChange, type Denial, type EventConnection, EventStream } from '../../shared/event-stream';
import { parseJson } from '../../shared/json';
import { validate } from '../../shared/protocol/decode';
import { fail } from '../../shared/result';
import { type Ask, askLater } from './ask-later';
import { decodeEvents, decodeResult } from './decode';
import { textOf } from './text-of-body';
import type { TokenScope, TokenStore } from './token-store';

export interface HttpApiOptions {
  /** Ends with a slash: `http://host:7080/api/v1/app/`. */
  readonly baseUrl: string;
  readonly token: Pick<TokenStore, 'get' | 'set'>;
  readonly fetch: typeof fetch;
  /** 0 to below 1. */
  readonly random: () => number;
}

export interface HttpApi extends AppApi {
  /** Keeps the token and tries again at once. */
  setToken(token: string, scope: TokenScope): void;
}

/**
 * Any other token is not sent: `fetch` would fail as if the connection were lost. Without a token the program refuses the request, and
 * the user can correct the token.
 */
const SENDABLE_TOKEN = /^[\x21-\x7e]+$/;

/** Characters. A browser refuses a request that outlives its page when the bodies of all such requests exceed 64 KiB. */
const MAX_KEPT_ALIVE = 4096;

export const RECONNECT: BackoffPolicy = { firstMs: 500, maxMs: 15_000 };

export function httpApi(options: HttpApiOptions): HttpApi {
  const streams = new Set<EventStream<readonly AppEvent[]>>();
  const headers = (): Record<string, string> => {
    const token = options.token.get();
    return token === null || !SENDABLE_TOKEN.test(token) ? {} : { authorization: `Bearer ${token}` };
  };
  return {
    async call(name, params) {
      const body = JSON.stringify(params);
      try {
        const response = await options.fetch(new URL(name, options.baseUrl), {
          method: 'POST',
          headers: { ...headers(), 'content-type': 'application/json' },
          body,
          // An operation that is sent while the page ends reaches the program.
          keepalive: body.length <= MAX_KEPT_ALIVE,
        });
        const answer: unknown = await response.json();
        if (isSignedOut(response.status, answer)) for (const stream of streams) stream.denyAccess('unauthorized');
        if (response.ok) return decodeResult(name, (answer as { value?: unknown } | null)?.value);
        const decoded = validate(answer, errorBodySchema);
        return fail(decoded.ok ? decoded.value.error : { code: `HTTP_${String(response.status)}`, message: '', details: null });
      } catch (error) {
        return fail({ code: 'DISCONNECTED', message: String(error), details: null });
      }
    },
    subscribe(listener) {
      const stream = new EventStream<readonly AppEvent[]>({
        connect: (resume) => connect(options, { ...headers(), ...resume }),
        decode: (data) => decodeEvents(parseJson(data)),
        onEvent: (events) => listener.onEvents(events),
        onConnection: (change) => listener.onConnection(change.state, ...leaderIn(change)),
        setTimer,
        backoff: RECONNECT,
        random: options.random,
      });
      streams.add(stream);
      stream.open();
      return () => {
        streams.delete(stream);
        stream.close();
      };
    },
    ask: (params, listener) => {
      const load = async (): Promise<Ask> => {
        const { askOverHttp } = await import('./ask-over-http');
        return (...question) => askOverHttp({ ...options, headers }, ...question);
      };
      return askLater(load, params, listener);
    },
    setToken(token, scope) {
      options.token.set(token, scope);
      for (const stream of streams) stream.open();
    },
  };
}

function connect({ fetch, baseUrl }: HttpApiOptions, headers: Readonly<Record<string, string>>): EventConnection {
  const closed = new AbortController();
  const request = fetch(new URL('events', baseUrl), {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: closed.signal,
    cache: 'no-store',
  });
  const body = request.then(async (response) => {
    if (response.status === 401 || response.status === 403) throw new AccessDenied(await denialOf(response));
    if (response.status === 503) throw await lossOf(response);
    if (!response.ok || response.body === null) throw new Error(`HTTP ${String(response.status)}`);
    return textOf(response.body);
  });
  return { body, close: () => closed.abort() };
}

/** The scheduler that serves this page does not lead its cluster any more. */
class NotLeader extends Error {
  override readonly name = 'NotLeader';

  /** Host and port. Null: not known. */
  constructor(readonly leader: string | null) {
    super('not the leader');
  }
}

async function lossOf(response: Response): Promise<Error> {
  const decoded = validate(await response.json(), errorBodySchema);
  if (!decoded.ok || decoded.value.error.code !== 'NOT_LEADER') return new Error(`HTTP ${String(response.status)}`);
  const leader = decoded.value.error.details?.['leader'];
  return new NotLeader(typeof leader === 'string' ? leader : null);
}

const leaderIn = (change: ConnectionChange): readonly [leader?: string | null] =>
  change.state === 'lost' && change.cause instanceof NotLeader ? [change.cause.leader] : [];

function setTimer(delayMs: number, callback: () => void): { cancel(): void } {
  const timer = setTimeout(callback, delayMs);
  return { cancel: () => clearTimeout(timer) };
}

/** The key is missing, wrong or revoked. `FORBIDDEN` refuses one operation alone. */
function isSignedOut(status: number, body: unknown): boolean {
  if (status === 401) return true;
  const decoded = status === 403 ? validate(body, errorBodySchema) : null;
  return decoded?.ok === true && decoded.value.error.code === 'REVOKED';
}

/** No key, a wrong or revoked key, or a key that may not see the dashboard. */
async function denialOf(response: Response): Promise<Denial> {
  if (response.status === 401) return 'unauthorized';
  const decoded = validate(parseJson(await response.text()), errorBodySchema);
  return decoded.ok && decoded.value.error.code === 'FORBIDDEN' ? 'forbidden' : 'unauthorized';
}
