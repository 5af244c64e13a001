// The socket of one node: frames in both directions, within the limits of protocol §1. The session handles the messages.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import { decodeNodeMessage } from '../../../shared/protocol/decode';
import {
  INVALID_MESSAGE_WINDOW_MS,
  MAX_INVALID_MESSAGES,
  MAX_UNREGISTERED_MESSAGE_BYTES,
  PING_INTERVAL_MS,
  PONG_TIMEOUT_MS,
} from '../../../shared/protocol/limits';
import type { JobAssign, SchedulerMessage } from '../../../shared/protocol/scheduler-messages';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Principal } from '../members/core/principal';
import type { AssignHead, NodeLink } from '../nodes/node-link';
import type { NodeErrorDetails, NodeSession } from './node-session';
import type { SchedulerStats } from '../nodes/scheduler-stats';

/** Maximum size of the send buffer without jobs. Slow consumers are disconnected. */
const MAX_SEND_BUFFER_BYTES = 1024 * 1024;
/** Maximum size of the jobs in the send buffer; one job can be as large as a frame. Other jobs wait until these are sent. */
const MAX_JOB_BYTES = 4 * 1024 * 1024;
/** Maximum size of one read of a socket, beyond the message that it completes. */
const SOCKET_READ_BYTES = 64 * 1024;
/** RFC 6455: message too big. */
const MESSAGE_TOO_BIG = 1009;
const PINGS_UNANSWERED = PONG_TIMEOUT_MS / PING_INTERVAL_MS;

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  /** `principal` null: a node without a credential. */
  readonly openSession: (link: NodeLink, principal: Principal | null) => NodeSession;
  /** The first `node_register` was answered, accepted or not. */
  readonly onAnswered: (connection: NodeConnection) => void;
  /** A node registered on the connection, or left it. */
  readonly onRegistered: (connection: NodeConnection, isRegistered: boolean) => void;
  /** The connection has ended: no more messages in either direction. Called once. */
  readonly onEnded: (connection: NodeConnection) => void;
}

type Frame = readonly [data: Buffer, isBinary: boolean];

export class NodeConnection implements NodeLink {
  readonly remote: string;
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #session: NodeSession;
  /** Frames that arrived while a registration was being written; they keep their order. Null: no registration is being written. */
  #waiting: Frame[] | null = null;
  #invalidAtMonotonicMs: number[] = [];
  #bytesSinceMessage = 0;
  #isRegistered = false;
  #isEnded = false;
  #unansweredPings = 0;
  /** Size of the jobs in the send buffer. */
  #jobBytes = 0;
  #drainWaiters: (() => void)[] = [];

  constructor(ws: WebSocket, socket: Socket, options: ConnectionOptions, principal: Principal | null) {
    this.#ws = ws;
    this.#socket = socket;
    this.#options = options;
    this.remote = `${socket.remoteAddress ?? 'unknown'}:${String(socket.remotePort ?? 0)}`;
    this.#session = options.openSession(this, principal);
    ws.on('message', (data, isBinary) => {
      this.#onFrame(data as Buffer, isBinary);
    });
    ws.on('pong', () => {
      this.#unansweredPings = 0;
    });
    ws.on('close', (code) => {
      this.#end(code);
    });
    // After a protocol error the library closes the socket with the right code, and 'close' follows.
    ws.on('error', () => undefined);
    socket.on('data', this.#countBytes);
  }

  /** The member of the connection; null: none is known yet, or a node without a member. */
  get memberId(): string | null {
    return this.#session.memberId;
  }

  get isOpen(): boolean {
    return !this.#isEnded && this.#ws.readyState === this.#ws.OPEN;
  }

  get isFull(): boolean {
    return this.#jobBytes > MAX_JOB_BYTES;
  }

  send(message: Exclude<SchedulerMessage, JobAssign>): boolean {
    return this.#canSend() && this.#sendText(JSON.stringify(message), 0);
  }

  sendAssign(head: AssignHead, task: string): boolean {
    if (!this.#canSend()) return false;
    const text = `${JSON.stringify(head).slice(0, -1)},"task":${task}}`;
    return this.#sendText(text, Buffer.byteLength(text));
  }

  #canSend(): boolean {
    if (this.#isEnded) return false;
    if (!this.isOpen) {
      // The peer is closing: the library would drop the frame. The end is deferred, because the sender may be changing the same records.
      queueMicrotask(() => {
        this.#end();
      });
      return false;
    }
    return true;
  }

  /** `jobBytes`: how many bytes of the text are jobs. */
  #sendText(text: string, jobBytes: number): boolean {
    this.#jobBytes += jobBytes;
    this.#ws.send(text, () => {
      this.#jobBytes -= jobBytes;
      if (!this.isFull) this.#drained();
    });
    if (this.#ws.bufferedAmount - this.#jobBytes > MAX_SEND_BUFFER_BYTES) this.close(CLOSE_CODES.tooSlow);
    return true;
  }

  whenDrained(callback: () => void): void {
    if (this.isFull && !this.#isEnded) this.#drainWaiters.push(callback);
    else callback();
  }

  /** The connection belongs to no node after this. The library ends a peer that does not answer the close. */
  close(code: number): void {
    if (this.#isEnded) return;
    this.#options.stats.socketClosed(code);
    this.#options.logger.log('info', 'node_socket_closed', { node_id: this.#session.nodeId, remote: this.remote, code });
    this.#ws.close(code);
    this.#end();
  }

  /** Every `PING_INTERVAL_MS`. A peer that left two pings unanswered is half-open (protocol §1). */
  ping(): void {
    if (this.#unansweredPings >= PINGS_UNANSWERED) {
      this.#options.logger.log('info', 'node_socket_half_open', { node_id: this.#session.nodeId, remote: this.remote });
      this.#end();
      this.#ws.terminate();
      return;
    }
    this.#unansweredPings++;
    this.#ws.ping();
  }

  /** `code`: the close code of the peer, when the peer closed. */
  #end(code: number | null = null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.off('data', this.#countBytes);
    this.#session.closed(code);
    this.#options.onEnded(this);
    // Waiting jobs then choose another connection. Deferred, because a registration that replaces this connection may be running.
    queueMicrotask(() => {
      this.#drained();
    });
  }

  /** One waiter can fill the link again; the others keep waiting. */
  #drained(): void {
    const waiters = this.#drainWaiters;
    this.#drainWaiters = [];
    for (const waiter of waiters) this.whenDrained(waiter);
  }

  /** The library has one limit per socket. Before registration a lower limit applies, also to incomplete messages. */
  readonly #countBytes = (chunk: Buffer): void => {
    this.#bytesSinceMessage += chunk.length;
    if (this.#bytesSinceMessage > MAX_UNREGISTERED_MESSAGE_BYTES + SOCKET_READ_BYTES) this.close(MESSAGE_TOO_BIG);
  };

  #onFrame(data: Buffer, isBinary: boolean): void {
    if (this.#isEnded) return;
    this.#bytesSinceMessage = 0;
    if (this.#waiting !== null) this.#waiting.push([data, isBinary]);
    else this.#handle(data, isBinary);
  }

  #handle(data: Buffer, isBinary: boolean): void {
    const startMonotonicMs = this.#options.clock.monotonicMs();
    if (!this.#isRegistered && data.length > MAX_UNREGISTERED_MESSAGE_BYTES) {
      this.close(MESSAGE_TOO_BIG);
      return;
    }
    if (isBinary) {
      this.#invalid({ field: '', reason: 'a binary frame' });
      return;
    }
    const decoded = decodeNodeMessage(data.toString('utf8'));
    if (!decoded.ok) {
      this.#invalid(decoded.error);
      return;
    }
    try {
      const valid = this.#session.receive(decoded.value);
      if (typeof valid !== 'boolean') this.#awaitRegistration(valid);
      else this.#handled(valid);
    } catch (error) {
      this.#failed(error);
    }
    if (decoded.value.type === 'node_heartbeat') this.#options.stats.heartbeatHandled(this.#options.clock.monotonicMs() - startMonotonicMs);
  }

  /** Reads no more frames until the registration is decided. */
  #awaitRegistration(valid: Promise<boolean>): void {
    this.#waiting = [];
    this.#ws.pause();
    void valid
      .then(
        (isValid) => {
          this.#handled(isValid);
        },
        (error: unknown) => {
          this.#failed(error);
        },
      )
      .then(() => {
        this.#options.onAnswered(this);
        this.#resumeReading();
      });
  }

  #resumeReading(): void {
    const frames = this.#waiting ?? [];
    this.#waiting = null;
    this.#ws.resume();
    for (const [data, isBinary] of frames) this.#onFrame(data, isBinary);
  }

  #handled(isValid: boolean): void {
    if (!isValid) this.#countInvalid();
    const isRegistered = this.#session.nodeId !== null;
    if (isRegistered === this.#isRegistered || this.#isEnded) return;
    this.#isRegistered = isRegistered;
    this.#bytesSinceMessage = 0;
    this.#socket.off('data', this.#countBytes);
    if (!isRegistered) this.#socket.on('data', this.#countBytes);
    this.#options.onRegistered(this, isRegistered);
  }

  /** An exception is a bug of the scheduler and must not affect other nodes (protocol §4, INTERNAL_ERROR). */
  #failed(error: unknown): void {
    const { logger } = this.#options;
    logger.log('error', 'internal_error', { node_id: this.#session.nodeId, error: error instanceof Error ? error.stack : String(error) });
    this.#session.answerError('INTERNAL_ERROR', null);
  }

  #invalid(details: NodeErrorDetails): void {
    this.#options.logger.log('warn', 'invalid_message', { node_id: this.#session.nodeId, remote: this.remote, ...details });
    this.#session.answerError('INVALID_MESSAGE', details);
    this.#countInvalid();
  }

  #countInvalid(): void {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    this.#invalidAtMonotonicMs = [
      ...this.#invalidAtMonotonicMs.filter((atMonotonicMs) => nowMonotonicMs - atMonotonicMs < INVALID_MESSAGE_WINDOW_MS),
      nowMonotonicMs,
    ];
    if (this.#invalidAtMonotonicMs.length >= MAX_INVALID_MESSAGES) this.close(CLOSE_CODES.tooManyInvalidMessages);
  }
}
