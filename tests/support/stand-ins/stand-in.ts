// A scripted HTTP server in place of a model server: it answers from a table of routes, keeps the requests, and fails on demand.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { listenHttp, type TestServer } from '../http-server';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A whole answer: an object is sent as JSON, text unchanged. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
}

/** Answers with the returned reply; undefined: the handler has answered itself. */
export type Handler = (request: ReceivedRequest, response: ServerResponse) => Reply | undefined;

/**
 * `hang` never answers. `slow` sends the normal answer in pieces. `half` sends its first half and ends the connection. `drip` sends byte
 * after byte without an end. `reset` resets the connection. `truncated` ends before the announced length of the body. `garbage` is not
 * HTTP. `redirect` leads to another path of the same server. An object replaces every answer.
 */
export type Fault = 'hang' | 'slow' | 'half' | 'drip' | 'reset' | 'truncated' | 'garbage' | 'redirect' | Reply;

export interface StandInOptions {
  /** By method and path, e.g. `GET /health`. */
  readonly routes: Readonly<Record<string, Handler>>;
  /** For every other path; default 404. */
  readonly otherwise?: Handler;
}

export class StandIn {
  readonly requests: ReceivedRequest[] = [];
  /** By path; `*` is every path. */
  faults: Readonly<Record<string, Fault>> = {};
  /** Number of connections that ended before their answer was complete. */
  abortedCount = 0;
  /** Number of requests whose answer never ends, and the number of these that the client has aborted. */
  hungCount = 0;
  hungAbortedCount = 0;

  readonly #options: StandInOptions;
  #server: TestServer | null;

  private constructor(options: StandInOptions, server: TestServer | null) {
    this.#options = options;
    this.#server = server;
  }

  static async open(options: StandInOptions): Promise<StandIn> {
    const standIn = new StandIn(options, null);
    standIn.#server = await listenHttp((request, response) => void standIn.#receive(request, response));
    return standIn;
  }

  get url(): URL {
    return new URL(this.#running().url);
  }

  get paths(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** The program ends: nothing listens at its address. */
  async close(): Promise<void> {
    await this.#running().close();
  }

  /** It starts again at the same address. */
  async reopen(): Promise<void> {
    this.#server = await listenHttp((request, response) => void this.#receive(request, response), this.#running().port);
  }

  #running(): TestServer {
    if (this.#server === null) throw new Error('the stand-in is not open');
    return this.#server;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.abortedCount += 1;
    });
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const received: ReceivedRequest = { method: request.method ?? '', path, headers: request.headers, body: Buffer.concat(chunks) };
    this.requests.push(received);
    const fault = this.faults[path] ?? this.faults['*'];
    if (fault !== undefined && fault !== 'slow' && fault !== 'half') {
      if (fault === 'hang' || fault === 'drip') this.#hang(response);
      breakWith(fault, request, response);
      return;
    }
    const handler = this.#options.routes[`${received.method} ${path}`] ?? this.#options.otherwise ?? notFound;
    const reply = handler(received, response);
    if (reply === undefined) return;
    if (fault === 'slow') sendSlowly(response, reply);
    else if (fault === 'half') sendHalf(response, reply);
    else send(response, reply);
  }

  #hang(response: ServerResponse): void {
    this.hungCount += 1;
    response.on('close', () => (this.hungAbortedCount += 1));
  }
}

const DRIP_MS = 20;
const PIECE_MS = 5;
const PIECES = 4;

const notFound: Handler = () => ({ status: 404, type: 'text/plain', body: 'Not Found' });

export function send(response: ServerResponse, reply: Reply): void {
  response.end(begin(response, reply));
}

/** In pieces of equal size, one after the other. */
function sendSlowly(response: ServerResponse, reply: Reply): void {
  let rest = begin(response, reply);
  const size = Math.ceil(rest.length / PIECES);
  const next = (): void => {
    if (response.destroyed) return;
    const piece = rest.subarray(0, size);
    rest = rest.subarray(size);
    if (rest.length === 0) response.end(piece);
    else response.write(piece, () => setTimeout(next, PIECE_MS));
  };
  next();
}

function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = begin(response, reply);
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
}

/** Sends status and headers. Returns the body to send. */
function begin(response: ServerResponse, { status = 200, type, body = '' }: Reply): Buffer {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, { 'content-type': type ?? (isText ? 'text/plain' : 'application/json') });
  return Buffer.from(isText ? body : JSON.stringify(body));
}

function breakWith(fault: Exclude<Fault, 'slow' | 'half'>, request: IncomingMessage, response: ServerResponse): void {
  if (typeof fault === 'object') {
    send(response, fault);
    return;
  }
  switch (fault) {
    case 'hang':
      return;
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = (): void => {
        if (!response.destroyed) response.write(' ', () => setTimeout(drip, DRIP_MS));
      };
      drip();
      return;
    }
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data": [', () => request.socket.destroy());
      return;
    case 'garbage':
      request.socket.end('\u0000\u0001 SSH-2.0-not-http\r\n\r\n');
      return;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
  }
}

/** The request must have this key, as a model server with `--api-key` requires. */
export const withKey =
  (key: string | null, refusal: Reply, handler: Handler): Handler =>
  (request, response) =>
    key === null || request.headers.authorization === `Bearer ${key}` ? handler(request, response) : refusal;
