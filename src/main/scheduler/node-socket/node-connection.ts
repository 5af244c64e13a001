// One node's socket: frames in and out, within the limits of protocol §1. What a message means is the session's to decide.
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
import type { AssignHead, NodeLink } from '../nodes/node-link';
import type { ErrorDetails, NodeSession } from './node-session';
import type { SchedulerStats } from '../nodes/scheduler-stats';

/** More than this waiting to be sent, besides jobs: the peer reads too slowly to be kept. */
const MAX_SEND_BUFFER_BYTES = 1024 * 1024;
/** Jobs that wait to be sent; one may be as large as a frame. Others wait where they are until these are gone. */
const MAX_JOB_BYTES = 4 * 1024 * 1024;
/** What one read of a socket may bring at most, beyond the message that it completes. */
const SOCKET_READ_BYTES = 64 * 1024;
/** RFC 6455: message too big. */
const MESSAGE_TOO_BIG = 1009;
const PINGS_UNANSWERED = PONG_TIMEOUT_MS / PING_INTERVAL_MS;

export interface ConnectionParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly openSession: (link: NodeLink) => NodeSession;
  /** The first `node_register` has been answered, either way. */
  readonly onAnswered: (connection: NodeConnection) => void;
  /** It became a node's, or nobody's again. */
  readonly onRegistered: (connection: NodeConnection, isRegistered: boolean) => void;
  /** No more comes from it and nothing goes to it; called once. */
  readonly onEnded: (connection: NodeConnection) => void;
}

type Frame = readonly [data: Buffer, isBinary: boolean];

export class NodeConnection implements NodeLink {
  readonly remote: string;
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #session: NodeSession;
  /** Frames that arrived while a registration was being written: they keep their order. Null: none is. */
  #waiting: Frame[] | null = null;
  #invalidAtMs: number[] = [];
  #bytesSinceMessage = 0;
  #isRegistered = false;
  #isEnded = false;
  #unansweredPings = 0;
  /** Of jobs on their way out. */
  #jobBytes = 0;
  #drainWaiters: (() => void)[] = [];

  constructor(ws: WebSocket, socket: Socket, parts: ConnectionParts) {
    this.#ws = ws;
    this.#socket = socket;
    this.#parts = parts;
    this.remote = `${socket.remoteAddress ?? 'unknown'}:${String(socket.remotePort ?? 0)}`;
    this.#session = parts.openSession(this);
    ws.on('message', (data, isBinary) => {
      this.#onFrame(data as Buffer, isBinary);
    });
    ws.on('pong', () => {
      this.#unansweredPings = 0;
    });
    ws.on('close', () => {
      this.#end();
    });
    // A protocol error closes the socket with the right code by itself, and 'close' follows.
    ws.on('error', () => undefined);
    socket.on('data', this.#countBytes);
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
      // The peer has said goodbye: the library would drop the frame. Who sends may be in the middle of what the end changes.
      queueMicrotask(() => {
        this.#end();
      });
      return false;
    }
    return true;
  }

  /** `jobBytes`: how much of the text is jobs. */
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

  /** From here on it is nobody's. The library ends a peer that does not answer the close. */
  close(code: number): void {
    if (this.#isEnded) return;
    this.#parts.stats.socketClosed(code);
    this.#parts.logger.log('info', 'node_socket_closed', { node_id: this.#session.nodeId, remote: this.remote, code });
    this.#ws.close(code);
    this.#end();
  }

  /** Every `PING_INTERVAL_MS`: a peer that left two pings without an answer is half-open (protocol §1). */
  ping(): void {
    if (this.#unansweredPings >= PINGS_UNANSWERED) {
      this.#parts.logger.log('info', 'node_socket_half_open', { node_id: this.#session.nodeId, remote: this.remote });
      this.#end();
      this.#ws.terminate();
      return;
    }
    this.#unansweredPings++;
    this.#ws.ping();
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.off('data', this.#countBytes);
    this.#session.closed();
    this.#parts.onEnded(this);
    // Who waited looks for another way: not in the middle of what ends this one, such as a registration that takes its place.
    queueMicrotask(() => {
      this.#drained();
    });
  }

  /** One of them may fill the link again: the others go on waiting. */
  #drained(): void {
    const waiters = this.#drainWaiters;
    this.#drainWaiters = [];
    for (const waiter of waiters) this.whenDrained(waiter);
  }

  /** The library knows one limit for a socket; before registration a lower one holds, also for what is not complete yet. */
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
    const startMs = this.#parts.clock.monotonicMs();
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
      if (typeof valid !== 'boolean') this.#await(valid);
      else this.#handled(valid);
    } catch (error) {
      this.#failed(error);
    }
    if (decoded.value.type === 'node_heartbeat') this.#parts.stats.heartbeatHandled(this.#parts.clock.monotonicMs() - startMs);
  }

  /** Nothing more is read until the registration is decided. */
  #await(valid: Promise<boolean>): void {
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
        this.#parts.onAnswered(this);
        this.#goOn();
      });
  }

  #goOn(): void {
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
    this.#parts.onRegistered(this, isRegistered);
  }

  /** A bug of ours must not take the other nodes with it (protocol §4, INTERNAL_ERROR). */
  #failed(error: unknown): void {
    const { logger } = this.#parts;
    logger.log('error', 'internal_error', { node_id: this.#session.nodeId, error: error instanceof Error ? error.stack : String(error) });
    this.#session.answerError('INTERNAL_ERROR', null);
  }

  #invalid(details: ErrorDetails): void {
    this.#parts.logger.log('warn', 'invalid_message', { node_id: this.#session.nodeId, remote: this.remote, ...details });
    this.#session.answerError('INVALID_MESSAGE', details);
    this.#countInvalid();
  }

  #countInvalid(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    this.#invalidAtMs = [...this.#invalidAtMs.filter((atMs) => nowMs - atMs < INVALID_MESSAGE_WINDOW_MS), nowMs];
    if (this.#invalidAtMs.length >= MAX_INVALID_MESSAGES) this.close(CLOSE_CODES.tooManyInvalidMessages);
  }
}
