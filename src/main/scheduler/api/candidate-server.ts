// The HTTP server of a member that does not lead. It tells that it is alive, that it takes no traffic, and who leads. Everything else is
// refused with the address of the leader, as JSON, or as a page for a browser that opens the dashboard.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { preferredLanguage } from '../../../shared/language';
import { type ErrorCode, httpStatusOfError } from '../../../shared/protocol/codes';
import { ERROR_CODE_HEADER, PROTOCOL_VERSION } from '../../../shared/protocol/limits';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { errorBody, errorHeaders, refuseSocket, VARY } from '../access/error-response';
import { transportOf } from '../access/transport';
import { isForBrowser, PAGE_HEADERS, PAGE_TYPE } from './browser-page';
import { candidatePage } from './candidate-page';
import { SECURITY_HEADERS } from './security-headers';
import { tlsPage } from './tls-page';

const HEADERS_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 1000;

export interface CandidateServerOptions {
  readonly access: AccessPolicy;
  readonly version: string;
  readonly uptimeSeconds: () => number;
  /** Host and port of the leader. Null: no member leads, or its address is not known. */
  readonly leader: () => string | null;
}

interface Reply {
  readonly status: number;
  /** A text: a page. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createCandidateServer(options: CandidateServerOptions): Server {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    (request, response) => {
      // Bodies are not read: the connection is closed after the answer.
      request.resume();
      write(response, replyTo(request, options));
    },
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const code = refusalOf(request, options) ?? 'NOT_LEADER';
    refuseSocket(socket, code, code === 'NOT_LEADER' ? leaderDetails(options) : null, request, { [ERROR_CODE_HEADER]: code });
  });
  return server;
}

function replyTo(request: IncomingMessage, options: CandidateServerOptions): Reply {
  const refused = refusalOf(request, options);
  const path = request.url?.split('?', 1)[0];
  const isBrowser = isForBrowser(request, path);
  if (refused !== null) {
    const reply = errorReply(request, refused, null);
    return refused === 'TLS_REQUIRED' && isBrowser ? asPage(reply, tlsPage(request, options.access.hasPoolCa)) : reply;
  }
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && path === '/healthz') {
    const { version, uptimeSeconds } = options;
    return { status: 200, body: { status: 'ok', version, protocol: PROTOCOL_VERSION, uptime_seconds: uptimeSeconds() } };
  }
  if (isRead && path === '/readyz')
    return { status: httpStatusOfError('NOT_LEADER'), body: { status: 'not_leader', leader: options.leader() } };
  const reply = errorReply(request, 'NOT_LEADER', leaderDetails(options));
  return isBrowser ? asPage(reply, leaderPage(request, options)) : reply;
}

const asPage = ({ status, headers }: Reply, body: string): Reply => ({ status, body, headers: { ...headers, ...PAGE_HEADERS } });

function leaderPage(request: IncomingMessage, { leader }: CandidateServerOptions): string {
  const address = leader();
  const scheme = transportOf(request.socket) === 'tls' ? 'https' : 'http';
  const url = address === null ? null : `${scheme}://${address}/`;
  return candidatePage(preferredLanguage(request.headers['accept-language']), url !== null && URL.canParse(url) ? url : null);
}

/** The checks that do not need to know the caller. */
function refusalOf({ headers, rawHeaders, url, socket }: IncomingMessage, { access }: CandidateServerOptions): ErrorCode | null {
  const transport = transportOf(socket);
  return rejectReason(access, { headers, rawHeaders, url, transport }) ?? (transport === 'plain' ? 'TLS_REQUIRED' : null);
}

const leaderDetails = ({ leader }: CandidateServerOptions): { readonly leader: string | null } => ({ leader: leader() });

function errorReply(request: IncomingMessage, code: ErrorCode, details: Parameters<typeof errorBody>[1]): Reply {
  const body = errorBody(code, details, preferredLanguage(request.headers['accept-language']));
  return { status: httpStatusOfError(code), body, headers: { ...VARY, ...errorHeaders(code, details) } };
}

function write(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const isPage = typeof body === 'string';
  const text = isPage ? body : JSON.stringify(body);
  // The length: the answer to the request for a proof is read by hand.
  const fixed = {
    'content-type': isPage ? PAGE_TYPE : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  };
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...fixed }).end(text);
}
