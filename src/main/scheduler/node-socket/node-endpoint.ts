// The endpoint for nodes, `/ws/node`: access checks, limits on connections, and the timers of all sockets (protocol §1).
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocketServer } from 'ws';
import { fail, type Result } from '../../../shared/result';
import { CLOSE_CODES, type ErrorCode, httpStatusOfError } from '../../../shared/protocol/codes';
import { ERROR_CODE_HEADER, NODE_SOCKET_PATH, PING_INTERVAL_MS } from '../../../shared/protocol/limits';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { NodeLink } from '../nodes/node-link';
import type { NodeSession } from './node-session';
import { IntervalQueue } from '../nodes/interval-queue';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { bearerToken } from '../access/bearer';
import type { NodeGate } from './node-gate';
import type { Principal } from '../members/core/principal';
import { type ConnectionOptions, NodeConnection } from './node-connection';
import { refuseSocket } from '../access/error-response';

/**
 * Upgraded sockets whose first `node_register` is not answered. They are expensive when many nodes connect at once, so their number
 * is bounded.
 */
const MAX_HANDSHAKES = 200;
const RETRY_AFTER_SECONDS = { least: 2, most: 30 } as const;
const TICK_MS = 250;
const REFUSAL_LOG_INTERVAL_MS = 1000;
/** How long a peer may take to answer a close. */
const CLOSE_WAIT_MS = 2000;
/** A whole message in single TCP segments needs fewer. See the advisory of the library on fragments that use up memory. */
const MAX_BUFFERED_CHUNKS = 16 * 1024;
const MAX_FRAGMENTS = 1024;

export interface NodeEndpointOptions {
  readonly access: AccessPolicy;
  readonly gate: NodeGate;
  readonly maxMessageBytes: number;
  readonly registrationTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  /** `principal` null: a node without a credential. */
  readonly openSession: (link: NodeLink, principal: Principal | null) => NodeSession;
}

export class NodeEndpoint {
  readonly #options: NodeEndpointOptions;
  readonly #server: WebSocketServer;
  readonly #handshakes = new Set<NodeConnection>();
  readonly #unregistered: IntervalQueue<NodeConnection>;
  readonly #pings = new IntervalQueue<NodeConnection>(PING_INTERVAL_MS);
  readonly #connections = new Set<NodeConnection>();
  /** Shared by all connections: there may be tens of thousands. */
  readonly #connectionOptions: ConnectionOptions;
  #timer: Timer | null = null;
  #refusalLoggedAtMonotonicMs = -Infinity;
  #isStopping = false;

  constructor(options: NodeEndpointOptions) {
    this.#options = options;
    this.#unregistered = new IntervalQueue(options.registrationTimeoutMs);
    this.#connectionOptions = {
      clock: options.clock,
      logger: options.logger,
      stats: options.stats,
      openSession: options.openSession,
      onAnswered: (connection) => this.#handshakes.delete(connection),
      onRegistered: (connection, isRegistered) => {
        this.#onRegistered(connection, isRegistered);
      },
      onEnded: (connection) => {
        this.#forget(connection);
      },
    };
    // TCP_NODELAY is set by the library on every socket.
    const serverOptions: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      closeTimeout: CLOSE_WAIT_MS,
    };
    this.#server = new WebSocketServer(serverOptions);
    this.#server.on('wsClientError', (error, socket, request) => {
      options.stats.upgradeRefused(httpStatusOfError('INVALID_REQUEST'));
      refuseSocket(socket, 'INVALID_REQUEST', { field: 'upgrade', reason: error.message }, request);
    });
  }

  get counts(): { readonly open: number; readonly unregistered: number; readonly handshakes: number } {
    return { open: this.#connections.size, unregistered: this.#unregistered.size, handshakes: this.#handshakes.size };
  }

  start(): void {
    this.#timer = this.#options.clock.setTimer(TICK_MS, () => {
      this.#tick();
      this.start();
    });
  }

  /** Closes every connection with the code for a stopping scheduler. New ones are refused. */
  stop(): void {
    this.#isStopping = true;
    this.#timer?.cancel();
    for (const connection of [...this.#connections]) connection.close(CLOSE_CODES.schedulerStopping);
  }

  /** For the HTTP server's `upgrade` event. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // The types allow other streams than the sockets that an HTTP server uses.
    if (!(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    const admitted = this.#admit(request, socket);
    if (!admitted.ok) {
      this.#refuse(socket, admitted.error, request);
      return;
    }
    const principal = admitted.value;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const nowMonotonicMs = this.#options.clock.monotonicMs();
      const connection = new NodeConnection(ws, socket, this.#connectionOptions, principal);
      this.#connections.add(connection);
      this.#handshakes.add(connection);
      this.#unregistered.start(connection, nowMonotonicMs);
      this.#pings.start(connection, nowMonotonicMs);
    });
  };

  /** The credential of the node; null: a node on open loopback. */
  #admit(request: IncomingMessage, socket: Socket): Result<Principal | null, ErrorCode> {
    const { access, gate } = this.#options;
    const caller = rejectReason(access, request.headers);
    if (caller !== null) return fail(caller);
    if (request.url?.split('?', 1)[0] !== NODE_SOCKET_PATH) return fail('NOT_FOUND');
    const admitted = gate(bearerToken(request.headers), socket.remoteAddress, Object.keys(request.headers));
    if (!admitted.ok) return admitted;
    return this.#isStopping || this.#handshakes.size >= MAX_HANDSHAKES ? fail('OVERLOADED') : admitted;
  }

  /** Whether the member has an open connection with a registered node. */
  isConnected(memberId: string): boolean {
    for (const connection of this.#connections) if (connection.memberId === memberId) return true;
    return false;
  }

  /** For a revoked member. */
  closeMember(memberId: string): void {
    for (const connection of [...this.#connections]) if (connection.memberId === memberId) connection.close(CLOSE_CODES.revoked);
  }

  #refuse(socket: Socket, code: ErrorCode, request: IncomingMessage): void {
    this.#options.stats.upgradeRefused(httpStatusOfError(code));
    this.#logRefused(socket, code);
    const retryAfter = randomInt(RETRY_AFTER_SECONDS.least, RETRY_AFTER_SECONDS.most + 1);
    refuseSocket(socket, code, null, request, {
      // The client of a WebSocket does not read the body of a refusal.
      [ERROR_CODE_HEADER]: code,
      ...(code === 'OVERLOADED' ? { 'Retry-After': String(retryAfter) } : {}),
    });
  }

  /** Refused clients try again and again, so at most one line a second is logged. */
  #logRefused(socket: Socket, code: ErrorCode): void {
    const { clock, logger } = this.#options;
    const nowMonotonicMs = clock.monotonicMs();
    if (nowMonotonicMs - this.#refusalLoggedAtMonotonicMs < REFUSAL_LOG_INTERVAL_MS) return;
    this.#refusalLoggedAtMonotonicMs = nowMonotonicMs;
    logger.log('warn', 'node_upgrade_refused', { remote: `${socket.remoteAddress ?? 'unknown'}:${String(socket.remotePort ?? 0)}`, code });
  }

  #onRegistered(connection: NodeConnection, isRegistered: boolean): void {
    if (isRegistered) this.#unregistered.stop(connection);
    else this.#unregistered.start(connection, this.#options.clock.monotonicMs());
  }

  #forget(connection: NodeConnection): void {
    this.#connections.delete(connection);
    this.#handshakes.delete(connection);
    this.#unregistered.stop(connection);
    this.#pings.stop(connection);
  }

  #tick(): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    for (const connection of this.#unregistered.due(nowMonotonicMs)) connection.close(CLOSE_CODES.registrationTimeout);
    for (const connection of this.#pings.due(nowMonotonicMs)) {
      this.#pings.start(connection, nowMonotonicMs);
      connection.ping();
    }
  }
}
