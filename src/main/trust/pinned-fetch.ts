// `fetch` for a pool with a pin: the parts of fetch that Muster's clients use, over HTTPS with the CA of the pool.
import { type Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type ContactFault, pinnedAgent, requestAuthority } from './first-contact';

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
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

async function agentFor({ hostname, port }: URL, pin: string, signal: AbortSignal | undefined): Promise<Agent> {
  const contact = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port), pin };
  const ca = await requestAuthority(contact, signal === undefined ? {} : { signal });
  signal?.throwIfAborted();
  if (!ca.ok) throw new ContactError(ca.error);
  return pinnedAgent(ca.value);
}

function send(url: string, { method = 'GET', headers = {}, body, redirect = 'error', signal }: FetchInit, agent: Agent): Promise<Response> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, headers: { ...headers, ...length }, agent, ...(signal === undefined ? {} : { signal }) });
    sent.on('error', (error) => {
      reject(signal?.aborted === true ? (signal.reason as Error) : error);
    });
    sent.on('response', (response) => {
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
