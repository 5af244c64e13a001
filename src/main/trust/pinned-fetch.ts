// `fetch` for a pool with a pin, and for a scheduler on this computer that proves to know the secret: the parts of fetch that Muster's
// clients use, over connections that were verified first.
import { type Agent as HttpAgent, request as requestPlain, type IncomingMessage } from 'node:http';
import { type Agent, request as requestTls } from 'node:https';
import { Readable } from 'node:stream';
import { endpointOf } from '../../shared/loopback';
import { type ContactFault, pinnedAgent, requestAuthority } from './first-contact';
import { ProofError, ProvenAgent } from './proven-agent';

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly redirect?: 'error' | 'manual';
  readonly signal?: AbortSignal;
}

export type Fetch = (url: string, init?: FetchInit) => Promise<Response>;

/** The server did not prove to be the pool. `code` is a code of `ContactFault`, or the code of the system. */
export class ContactError extends Error {
  readonly code: string;

  constructor(fault: ContactFault) {
    const code = fault.code === 'failed' ? fault.cause : fault.code;
    super(code);
    this.name = 'ContactError';
    this.code = code;
  }
}

/** For a pool whose CA is known. */
export function fetchWithAuthority(ca: string): Fetch {
  const agent = pinnedAgent(ca);
  return (url, init = {}) => send(url, init, agent);
}

/**
 * For plain HTTP. Rejects as fetch does, and with `ProofError` when the program at the address does not prove to know the secret. A
 * scheduler that refuses to prove answers every request with its refusal.
 */
export function provenFetch(secret: string, language?: string): Fetch {
  const agent = new ProvenAgent({ secret, language });
  return async (url, init = {}) => {
    try {
      return await send(url, init, agent);
    } catch (error) {
      if (!(error instanceof ProofError) || error.refusal === null) throw error;
      const { status, body, retryAfter } = error.refusal;
      return new Response(body, { status, headers: retryAfter === null ? {} : { 'retry-after': retryAfter } });
    }
  };
}

/** Rejects as fetch does, and with `ContactError`. The CA is requested once, before the first request. */
export function pinnedFetch(pin: string): Fetch {
  let agent: Promise<Agent> | null = null;
  return async (url, init = {}) => {
    agent ??= agentFor(new URL(url), pin, init.signal);
    try {
      return await send(url, init, await agent);
    } catch (error) {
      if (error instanceof ContactError) agent = null;
      throw error;
    }
  };
}

async function agentFor(url: URL, pin: string, signal: AbortSignal | undefined): Promise<Agent> {
  const ca = await requestAuthority({ ...endpointOf(url), pin }, signal === undefined ? {} : { signal });
  signal?.throwIfAborted();
  if (!ca.ok) throw new ContactError(ca.error);
  return pinnedAgent(ca.value);
}

function send(
  url: string,
  { method = 'GET', headers = {}, body, redirect = 'error', signal }: FetchInit,
  agent: Agent | HttpAgent,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = url.startsWith('https:') ? requestTls : requestPlain;
    const sent = request(url, { method, headers: { ...headers, ...length }, agent, ...(signal === undefined ? {} : { signal }) });
    // A request whose connection is still being verified reports its end only after that.
    const abort = (): void => {
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    sent.on('error', (error) => {
      signal?.removeEventListener('abort', abort);
      reject(signal?.aborted === true ? (signal.reason as Error) : error);
    });
    sent.on('response', (response) => {
      signal?.removeEventListener('abort', abort);
      const status = response.statusCode ?? 0;
      if (redirect === 'error' && status >= 300 && status < 400) {
        response.destroy();
        reject(new TypeError('unexpected redirect'));
        return;
      }
      resolve(toResponse(response, status));
    });
    sent.end(body);
  });
}

const BODILESS = [204, 205, 304];

function toResponse(response: IncomingMessage, status: number): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) for (const value of values ?? []) headers.append(name, value);
  if (!BODILESS.includes(status)) return new Response(Readable.toWeb(response) as ReadableStream<Uint8Array>, { status, headers });
  response.resume();
  return new Response(null, { status, headers });
}
