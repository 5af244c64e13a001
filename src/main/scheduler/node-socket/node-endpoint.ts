// The endpoint for nodes, `/ws/node`: access checks, limits on connections, and the timers of all sockets (protocol §1).
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocketServer } from 'ws';
import { fail, ok, type Result } from '../../../shared/result';
import { CLOSE_CODES, type CloseCode, type ErrorCode, httpStatusOfError } from '../../../shared/protocol/codes';
import { ERROR_CODE_HEADER, MESSAGE_TIMEOUT_MS, NODE_SOCKET_PATH, PING_INTERVAL_MS } from '../../../shared/protocol/limits';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock, Timer } from '../../platform/clock';
import { inTurns } from '../../platform/in-turns';
import type { Logger } from '../../platform/logger';
import { sourceOf, sourceOfRemote } from '../../platform/source-address';
import { TokenBuckets } from '../../platform/token-buckets';
import { TurnBudget } from '../../platform/turn-budget';
import { IntervalQueue } from '../nodes/interval-queue';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { type ErrorDetails, refuseSocket } from '../access/error-response';
import { Newcomers } from '../access/newcomers';
import { transportOf } from '../access/transport';
import type { UnfinishedBytes } from '../access/unfinished-bytes';
import { ConnectionHolders } from './connection-holders';
import { Handshakes, newcomerOf, type Peer } from './handshakes';
import { type Admission, type Admitted, type NodeUpgrade, upgradeOf } from './node-admission';
import type { ConnectionOptions } from './connection-options';
import { NodeConnection } from './node-connection';
import { RefusalLog } from './refusal-log';

const RETRY_AFTER_SECONDS = { least: 2, most: 30 } as const;
const TICK_MS = 250;
/** Log lines about the sockets of one source: without a node, and with one. */
const UNREGISTERED_LINES = { capacity: 20, perSecond: 1 } as const;
const REGISTERED_LINES = { capacity: 100, perSecond: 10 } as const;
/** How long a peer may take to answer a close. */
const CLOSE_WAIT_MS = 2000;
/** A whole message in single TCP segments needs fewer. See the advisory of the library on fragments that use up memory. */
const MAX_BUFFERED_CHUNKS = 16 * 1024;
const MAX_FRAGMENTS = 1024;
/** Of the work in a turn of the event loop: a connection is closed in less than 0.1 ms. */
const PARTS_OF_CLOSE = 10;

export interface NodeSocketLimits {
  readonly maxMessageBytes: number;
  readonly registrationTimeoutMs: number;
  /** For the first message of a socket whose node did not prove its token at the upgrade. */
  readonly firstMessageTimeoutMs: number;
  readonly maxHandshakesPerAddress: number;
  readonly unfinished: UnfinishedBytes;
  readonly abuse: AbuseLog;
}

export interface NodeEndpointOptions {
  readonly access: AccessPolicy;
  /** A promise: another scheduler decides. */
  readonly admit: (upgrade: NodeUpgrade) => Admitted | Promise<Admitted>;
  readonly limits: NodeSocketLimits;
  /** In a cluster: whether this scheduler leads. Absent: it is alone. */
  readonly leads?: (() => boolean) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly openSession: ConnectionOptions<NodeConnection>['openSession'];
}

type Refusal = { readonly code: ErrorCode; readonly details: ErrorDetails };

export class NodeEndpoint {
  readonly #options: NodeEndpointOptions;
  readonly #server: WebSocketServer;
  readonly #handshakes: Handshakes<NodeConnection>;
  readonly #newcomers = new Newcomers();
  readonly #refusals: RefusalLog;
  readonly #silent: IntervalQueue<NodeConnection>;
  readonly #unregisteredLines = new TokenBuckets(UNREGISTERED_LINES);
  readonly #registeredLines = new TokenBuckets(REGISTERED_LINES);
  readonly #unregistered: IntervalQueue<NodeConnection>;
  readonly #pings = new IntervalQueue<NodeConnection>(PING_INTERVAL_MS);
  /** Messages that have begun and have not ended. */
  readonly #unfinished = new IntervalQueue<NodeConnection>(MESSAGE_TIMEOUT_MS);
  readonly #connections = new Set<NodeConnection>();
  readonly #holders = new ConnectionHolders<NodeConnection>();
  readonly #connectionOptions: ConnectionOptions<NodeConnection>;
  #timer: Timer | null = null;
  #isStopping = false;

  constructor(options: NodeEndpointOptions) {
    const { limits } = options;
    this.#options = options;
    this.#refusals = new RefusalLog(options);
    this.#handshakes = new Handshakes(limits.maxHandshakesPerAddress);
    this.#silent = new IntervalQueue(limits.firstMessageTimeoutMs);
    this.#unregistered = new IntervalQueue(limits.registrationTimeoutMs);
    this.#connectionOptions = {
      clock: options.clock,
      logger: options.logger,
      stats: options.stats,
      openSession: options.openSession,
      unfinished: limits.unfinished,
      turn: new TurnBudget(),
      maxMessageBytes: limits.maxMessageBytes,
      onUnfinished: (connection, isUnfinished) => {
        if (isUnfinished) this.#unfinished.start(connection, options.clock.monotonicMs());
        else this.#unfinished.stop(connection);
      },
      mayLog: (remote, isRegistered) => {
        const lines = isRegistered ? this.#registeredLines : this.#unregisteredLines;
        return lines.take(sourceOfRemote(remote), options.clock.monotonicMs()) === 0;
      },
      onFirstMessage: (connection) => {
        this.#silent.stop(connection);
      },
      onAnswered: (connection) => {
        this.#handshakes.delete(connection);
      },
      onRegistered: (connection, isRegistered) => {
        this.#onRegistered(connection, isRegistered);
      },
      onHolder: (connection) => {
        this.#holders.update(connection);
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
      maxPayload: limits.maxMessageBytes,
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
  stop(): Promise<void> {
    this.#isStopping = true;
    this.#timer?.cancel();
    return this.sendAway();
  }

  /** Closes every connection with the code for a stopping scheduler, so that its node tries the next address. In turns of the event loop. */
  async sendAway(): Promise<void> {
    await inTurns([...this.#connections], (connection) => {
      connection.close(CLOSE_CODES.schedulerStopping);
      return PARTS_OF_CLOSE;
    });
  }

  /** For the HTTP server's `upgrade` event. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // The types allow other streams than the sockets that an HTTP server uses.
    if (!(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    const refused = this.#refusalOf(request, socket);
    if (refused !== null) {
      this.#refuse(socket, { code: refused, details: null }, request);
      return;
    }
    const admitted = this.#options.admit(upgradeOf(request, socket));
    if (admitted instanceof Promise) void this.#openLater(request, socket, head, admitted);
    else this.#openOrRefuse(request, socket, head, admitted);
  };

  /** An error of the socket must not end the program meanwhile. */
  async #openLater(request: IncomingMessage, socket: Socket, head: Buffer, pending: Promise<Admitted>): Promise<void> {
    const onError = (): void => {
      socket.destroy();
    };
    socket.on('error', onError);
    const admitted = await pending;
    socket.off('error', onError);
    this.#openOrRefuse(request, socket, head, admitted);
  }

  #openOrRefuse(request: IncomingMessage, socket: Socket, head: Buffer, admitted: Admitted): void {
    const peer = { from: sourceOf(socket.remoteAddress), knownAs: admitted.ok ? admitted.value.knownAs : null };
    const allowed = admitted.ok ? this.#withinLimits(admitted.value, peer) : fail({ code: admitted.error, details: null });
    if (!allowed.ok) {
      this.#refuse(socket, allowed.error, request);
      return;
    }
    this.#refusals.admitted(request);
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const nowMonotonicMs = this.#options.clock.monotonicMs();
      const turn = (bytes: number) => this.#newcomers.turn(newcomerOf(peer, bytes));
      const connection = new NodeConnection(ws, socket, this.#connectionOptions, allowed.value, turn);
      this.#connections.add(connection);
      this.#holders.update(connection);
      this.#handshakes.add(connection, peer);
      if (peer.knownAs === null) this.#silent.start(connection, nowMonotonicMs);
      this.#unregistered.start(connection, nowMonotonicMs);
      this.#pings.start(connection, nowMonotonicMs);
    });
  }

  #withinLimits(admission: Admission, peer: Peer): Result<Admission, Refusal> {
    if (this.#isStopping) return fail({ code: 'OVERLOADED', details: null });
    const refusal = this.#handshakes.refusal(peer);
    if (refusal === null) return ok(admission);
    this.#options.limits.abuse.limitReached(refusal.limit, peer.from);
    return fail({ code: 'OVERLOADED', details: { ...refusal } });
  }

  /** The checks that need no credential. */
  #refusalOf({ headers, rawHeaders, url }: IncomingMessage, socket: Socket): ErrorCode | null {
    const { access, leads } = this.#options;
    const transport = transportOf(socket);
    const reason = rejectReason(access, { headers, rawHeaders, url, transport });
    if (reason !== null) return reason;
    if (transport === 'plain') return 'TLS_REQUIRED';
    if (url?.split('?', 1)[0] !== NODE_SOCKET_PATH) return 'NOT_FOUND';
    // Before the key: the keys in memory may be outdated, and `UNAUTHORIZED` would end the attempts of the node.
    return leads !== undefined && (this.#isStopping || !leads()) ? 'NOT_LEADER' : null;
  }

  /** Whether the member has an open connection with a registered node. */
  isConnected(memberId: string): boolean {
    return this.#holders.has(memberId);
  }

  /** For a credential that may not be a node any more: the id of a member or key, or of the owner. */
  closeHolder(holder: string, code: CloseCode): void {
    for (const connection of this.#holders.of(holder)) connection.close(code);
  }

  #refuse(socket: Socket, { code, details }: Refusal, request: IncomingMessage): void {
    this.#options.stats.upgradeRefused(httpStatusOfError(code));
    this.#refusals.refused(socket, code, request);
    const retryAfter = randomInt(RETRY_AFTER_SECONDS.least, RETRY_AFTER_SECONDS.most + 1);
    const mayRetry = code === 'OVERLOADED' || code === 'TOO_MANY_ATTEMPTS';
    refuseSocket(socket, code, details, request, {
      // The client of a WebSocket does not read the body of a refusal.
      [ERROR_CODE_HEADER]: code,
      ...(mayRetry ? { 'Retry-After': String(retryAfter) } : {}),
    });
  }

  #onRegistered(connection: NodeConnection, isRegistered: boolean): void {
    if (isRegistered) this.#unregistered.stop(connection);
    else this.#unregistered.start(connection, this.#options.clock.monotonicMs());
  }

  #forget(connection: NodeConnection): void {
    this.#connections.delete(connection);
    this.#holders.delete(connection);
    this.#handshakes.delete(connection);
    for (const timed of [this.#silent, this.#unregistered, this.#pings, this.#unfinished]) timed.stop(connection);
  }

  #tick(): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    for (const late of [this.#silent, this.#unregistered])
      for (const connection of late.due(nowMonotonicMs)) connection.close(CLOSE_CODES.registrationTimeout);
    for (const connection of this.#unfinished.due(nowMonotonicMs)) {
      if (!connection.isReading) {
        this.#unfinished.start(connection, nowMonotonicMs);
        continue;
      }
      this.#options.limits.abuse.limitReached('message_seconds', sourceOfRemote(connection.remote));
      connection.close(CLOSE_CODES.messageTimeout);
    }
    for (const connection of this.#pings.due(nowMonotonicMs)) {
      this.#pings.start(connection, nowMonotonicMs);
      connection.ping();
    }
  }
}
