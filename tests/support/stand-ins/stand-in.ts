// A scripted HTTP server in the place of a runtime: it answers from a table of routes, keeps what it was asked, and breaks on demand.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { listenHttp, type TestServer } from '../http-server';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A whole answer: an object is sent as JSON, text as it is. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
}

/** Answers with what it returns, or by itself. */
export type Handler = (asked: Asked, response: ServerResponse) => Reply | undefined;

/**
 * `hang` never answers, `drip` sends byte after byte and never ends, `reset` cuts the connection, `truncated` ends within the body it announced, `garbage` is no HTTP, `redirect`
 * leads to another path of the same server. An object is an answer in the place of every other.
 */
export type Fault = 'hang' | 'drip' | 'reset' | 'truncated' | 'garbage' | 'redirect' | Reply;

export interface StandInOptions {
  /** By method and path, e.g. `GET /health`. */
  readonly routes: Readonly<Record<string, Handler>>;
  /** For every other path; default 404. */
  readonly otherwise?: Handler;
}

export class StandIn {
  readonly asked: Asked[] = [];
  /** By path; `*` is every path. */
  faults: Readonly<Record<string, Fault>> = {};
  /** Connections that ended before their answer did. */
  cut = 0;

  private constructor(
    private readonly options: StandInOptions,
    private server: TestServer | null,
  ) {}

  static async open(options: StandInOptions): Promise<StandIn> {
    const standIn = new StandIn(options, null);
    standIn.server = await listenHttp((request, response) => void standIn.receive(request, response));
    return standIn;
  }

  get url(): URL {
    return new URL(this.running().url);
  }

  get paths(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }

  /** The program dies: nothing listens at its address. */
  async close(): Promise<void> {
    await this.running().close();
  }

  /** It is started again at the same address. */
  async reopen(): Promise<void> {
    this.server = await listenHttp((request, response) => void this.receive(request, response), this.running().port);
  }

  private running(): TestServer {
    if (this.server === null) throw new Error('the stand-in is not open');
    return this.server;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.cut += 1;
    });
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const asked: Asked = { method: request.method ?? '', path, headers: request.headers, body: Buffer.concat(chunks) };
    this.asked.push(asked);
    const fault = this.faults[path] ?? this.faults['*'];
    if (fault !== undefined) {
      breakWith(fault, request, response);
      return;
    }
    const handler = this.options.routes[`${asked.method} ${path}`] ?? this.options.otherwise ?? notFound;
    const reply = handler(asked, response);
    if (reply !== undefined) send(response, reply);
  }
}

const DRIP_MS = 20;

const notFound: Handler = () => ({ status: 404, type: 'text/plain', body: 'Not Found' });

export function send(response: ServerResponse, { status = 200, type, body = '' }: Reply): void {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, { 'content-type': type ?? (isText ? 'text/plain' : 'application/json') });
  response.end(isText ? body : JSON.stringify(body));
}

function breakWith(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
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

/** The request must bring this key, as a runtime with `--api-key` wants it. */
export const withKey =
  (key: string | null, refusal: Reply, handler: Handler): Handler =>
  (asked, response) =>
    key === null || asked.headers.authorization === `Bearer ${key}` ? handler(asked, response) : refusal;
