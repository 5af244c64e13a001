// The HTTP server of a replica: it bounds and checks requests, answers for itself whether it lives and is ready, and forwards the rest.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { httpStatusOfError } from '../../../shared/protocol/codes';
import { PROTOCOL_VERSION } from '../../../shared/protocol/limits';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock } from '../../platform/clock';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { transportOf } from '../access/transport';
import { limitConnections } from '../api/connection-limit';
import { answerBrokenRequest, REQUEST_TIMEOUT_MS, SERVER_TIMEOUTS } from '../api/http-server-options';
import { limitUnsent } from '../api/limit-unsent';
import { answerExpectations } from '../api/requests';
import { SECURITY_HEADERS } from '../api/security-headers';
import { serveInTurn } from '../api/serve-in-turn';
import type { LeaderLink } from '../cluster/channel/leader-link';
import { pathOf, refuseRequest } from './refuse-request';
import { LEADER_WAIT_MS, type RequestForwarder } from './request-forwarder';

/** A large body is not read while its request waits for a leader. */
const TIMEOUTS = { ...SERVER_TIMEOUTS, requestTimeout: LEADER_WAIT_MS + REQUEST_TIMEOUT_MS } as const;

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface ReplicaServerOptions {
  readonly link: Pick<LeaderLink, 'isReady'>;
  readonly forwarder: Pick<RequestForwarder, 'forward' | 'heldBytes'>;
  readonly upgrade: Upgrade;
  readonly access: AccessPolicy;
  readonly maxConnectionsPerAddress: number;
  /** The largest of all routes. */
  readonly maxBodyBytes: number;
  readonly abuse: AbuseLog;
  readonly clock: Clock;
  readonly version: string;
  /** Host and port of the leader, where they are known and another member leads. */
  readonly leader: () => string | null;
}

export function createReplicaServer(options: ReplicaServerOptions): Server {
  const { access, abuse, clock } = options;
  const startedAtMonotonicMs = clock.monotonicMs();
  const server = createServer(TIMEOUTS, (request, response) => {
    const refused = refusalOf(request, access);
    if (refused !== null) refuseRequest(request, response, ...refused, access);
    else if (!answerOwn(request, response, options, startedAtMonotonicMs)) void options.forwarder.forward(request, response);
  });
  server.on('clientError', answerBrokenRequest);
  server.on('upgrade', options.upgrade);
  answerExpectations(server, access, options.maxBodyBytes);
  limitConnections(server, options.maxConnectionsPerAddress, abuse);
  limitUnsent(server, abuse, { unsentBytes: (socket) => socket.writableLength + options.forwarder.heldBytes(socket) });
  serveInTurn(server, abuse);
  return server;
}

/** The checks that do not need to know the caller. */
function refusalOf(request: IncomingMessage, access: AccessPolicy): readonly [ErrorCode, { field: string; reason: string } | null] | null {
  const { headers, rawHeaders, url, socket } = request;
  const transport = transportOf(socket);
  const reason = rejectReason(access, { headers, rawHeaders, url, transport });
  if (reason !== null) return [reason, reason === 'INVALID_REQUEST' ? { field: 'host', reason: 'more than one Host header' } : null];
  return transport === 'plain' && !access.plainHttpApi ? ['TLS_REQUIRED', null] : null;
}

/** False: the answer is the leader's. */
function answerOwn(
  request: IncomingMessage,
  response: ServerResponse,
  { link, leader, version, clock }: ReplicaServerOptions,
  startedAtMonotonicMs: number,
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  // Programs on other computers may send jobs without TLS, and nothing else. The leader refuses the rest.
  if (transportOf(request.socket) === 'plain') return false;
  switch (pathOf(request)) {
    case '/healthz': {
      const uptimeSeconds = Math.round(clock.monotonicMs() - startedAtMonotonicMs) / 1000;
      write(response, 200, { status: 'ok', version, protocol: PROTOCOL_VERSION, uptime_seconds: uptimeSeconds });
      return true;
    }
    case '/readyz':
      if (link.isReady) write(response, 200, { status: 'ready', leader: leader() });
      else write(response, httpStatusOfError('NOT_LEADER'), { status: 'not_leader', leader: leader() });
      return true;
    default:
      return false;
  }
}

function write(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  const own = { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...own }).end(text);
}
