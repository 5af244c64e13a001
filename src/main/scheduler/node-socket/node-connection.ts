// The socket of one node: frames in both directions, within the limits of protocol §1. The session handles the messages.
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import { type DecodeError, decodeNodeMessage } from '../../../shared/protocol/decode';
import { MAX_IDLE_MESSAGE_BYTES, MAX_UNREGISTERED_MESSAGE_BYTES, PING_INTERVAL_MS, PONG_TIMEOUT_MS } from '../../../shared/protocol/limits';
import type { JobAssign, SchedulerMessage } from '../../../shared/protocol/scheduler-messages';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { Result } from '../../../shared/result';
import { sourceOf } from '../../platform/source-address';
import { loopbackEndOf } from '../../trust/proof';
import type { AssignHead } from '../nodes/node-link';
import type { ConnectionLink, ConnectionOptions, ConnectionSession } from './connection-options';
import type { Admission } from './node-admission';
import { hasActiveJobs, type NodeErrorDetails } from './node-session';
import { decodeInTurns, LARGE_MESSAGE_BYTES, type Turn } from './decode-in-turns';
import { InvalidMessages } from './invalid-messages';
import { ProfilePace } from './profile-pace';
import { assignText, SendBuffer } from './send-buffer';
import { UnfinishedMessage } from './unfinished-message';

/** RFC 6455: message too big. */
const MESSAGE_TOO_BIG = 1009;

type Frame = readonly [data: Buffer, isBinary: boolean];

export class NodeConnection implements ConnectionLink {
  readonly remote: string;
  readonly loopbackEnd: string | null;
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions<NodeConnection>;
  readonly #turn: Turn;
  readonly #session: ConnectionSession;
  /** Frames that arrived while an earlier one was being handled; they keep their order. Null: none is being handled. */
  #waiting: Frame[] | null = null;
  readonly #invalidMessages = new InvalidMessages();
  readonly #message: UnfinishedMessage;
  readonly #sending: SendBuffer;
  readonly #pace: ProfilePace;
  /** The node got a job on this connection, or named one when it registered: it may send large results. */
  #hasHadJobs = false;
  #hasReceived = false;
  #isRegistered = false;
  #isEnded = false;
  #unansweredPings = 0;

  constructor(ws: WebSocket, socket: Socket, options: ConnectionOptions<NodeConnection>, admission: Admission, turn: Turn) {
    this.#ws = ws;
    this.#socket = socket;
    this.#options = options;
    this.#turn = turn;
    this.#pace = new ProfilePace(options.clock);
    this.remote = `${socket.remoteAddress ?? 'unknown'}:${String(socket.remotePort ?? 0)}`;
    this.loopbackEnd = loopbackEndOf(socket);
    this.#session = options.openSession(this, admission, () => {
      if (!this.#isEnded) options.onHolder(this);
    });
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
    this.#sending = new SendBuffer(ws, () => {
      this.close(CLOSE_CODES.tooSlow);
    });
    this.#message = new UnfinishedMessage(ws, socket, {
      holding: options.unfinished.hold(sourceOf(socket.remoteAddress), () => {
        this.close(CLOSE_CODES.overloaded);
      }),
      maxBytes: () => this.#maxBytes,
      onTooLarge: () => {
        this.close(MESSAGE_TOO_BIG);
      },
      onUnfinished: (isUnfinished) => {
        options.onUnfinished(this, isUnfinished);
      },
    });
  }

  /** The credential of the connection; null: none, or an invitation whose member is not known yet. */
  get holder(): string | null {
    return this.#session.holder;
  }

  get isOpen(): boolean {
    return !this.#isEnded && this.#ws.readyState === this.#ws.OPEN;
  }

  /** False: the scheduler itself reads no more until it has handled an earlier message. */
  get isReading(): boolean {
    return this.#waiting === null;
  }

  /** The library has one limit per socket. Lower limits apply before registration and to nodes without jobs, also to incomplete messages. */
  get #maxBytes(): number {
    if (!this.#isRegistered) return MAX_UNREGISTERED_MESSAGE_BYTES;
    const { maxMessageBytes } = this.#options;
    return this.#hasHadJobs ? maxMessageBytes : Math.min(maxMessageBytes, MAX_IDLE_MESSAGE_BYTES);
  }

  get isFull(): boolean {
    return this.#sending.isFull;
  }

  send(message: Exclude<SchedulerMessage, JobAssign>): boolean {
    return this.#canSend() && this.#sending.send(JSON.stringify(message), 0);
  }

  sendAssign(head: AssignHead, task: string): boolean {
    const text = assignText(head, task);
    return this.sendText(text, Buffer.byteLength(text));
  }

  sendText(text: string | Uint8Array, jobBytes: number, onSent?: () => void): boolean {
    if (!this.#canSend()) return false;
    if (jobBytes > 0) this.#hasHadJobs = true;
    return this.#sending.send(text, jobBytes, onSent);
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

  whenDrained(callback: () => void): void {
    this.#sending.whenDrained(callback);
  }

  /** The connection belongs to no node after this. The library ends a peer that does not answer the close. */
  close(code: number): void {
    if (this.#isEnded) return;
    this.#options.stats.socketClosed(code);
    if (this.#options.mayLog(this.remote, this.#session.nodeId !== null))
      this.#options.logger.log('info', 'node_socket_closed', { node_id: this.#session.nodeId, remote: this.remote, code });
    this.#ws.close(code);
    this.#end();
  }

  /** Every `PING_INTERVAL_MS`. A peer that left two pings unanswered is half-open (protocol §1). */
  ping(): void {
    if (this.#unansweredPings >= PONG_TIMEOUT_MS / PING_INTERVAL_MS) {
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
    this.#message.stop();
    // The peer's close frame must be read.
    if (this.#pace.end()) this.#ws.resume();
    this.#sending.stop();
    this.#session.closed(code);
    this.#options.onEnded(this);
  }

  #onFrame(data: Buffer, isBinary: boolean): void {
    if (this.#isEnded) return;
    this.#message.ended();
    if (!this.#hasReceived) this.#options.onFirstMessage(this);
    this.#hasReceived = true;
    if (this.#waiting !== null) this.#waiting.push([data, isBinary]);
    else this.#handle(data, isBinary);
  }

  #handle(data: Buffer, isBinary: boolean): void {
    const startMonotonicMs = this.#options.clock.monotonicMs();
    if (data.length > this.#maxBytes) {
      this.close(MESSAGE_TOO_BIG);
      return;
    }
    if (isBinary) {
      this.#invalid({ field: '', reason: 'a binary frame' });
      return;
    }
    if (!this.#isRegistered || data.length >= LARGE_MESSAGE_BYTES) {
      this.#wait(this.#handleInTurns(data));
      return;
    }
    const decoded = decodeNodeMessage(data.toString('utf8'));
    const work = this.#receive(decoded, data);
    const spentMs = this.#options.clock.monotonicMs() - startMonotonicMs;
    // One read of the socket may return thousands of messages. Every connection handles at least one in each turn.
    const isTurnOver = this.#options.turn.spend(spentMs);
    this.#wait(work ?? this.#pauseAfterChange() ?? (isTurnOver ? nextTurn() : null));
    if (decoded.ok && decoded.value.type === 'node_heartbeat') this.#options.stats.heartbeatsHandled(1, spentMs);
  }

  async #handleInTurns(data: Buffer): Promise<void> {
    if (!this.#isRegistered) await this.#turn(data.length);
    const decoded = this.#isEnded ? null : await decodeInTurns(data);
    if (decoded !== null && !this.#isEnded) await this.#receive(decoded, data);
    await this.#pauseAfterChange();
  }

  /** Null: the messages so far have kept the pace. */
  #pauseAfterChange(): Promise<void> | null {
    return this.#isEnded ? null : this.#pace.changed(this.#session.takeReplacedEntries());
  }

  /** Null: the message is handled. A registration takes longer, and so does a message that another scheduler handles. */
  #receive(decoded: Result<NodeMessage, DecodeError>, data: Buffer): Promise<void> | null {
    if (!decoded.ok) {
      this.#invalid(decoded.error);
      return null;
    }
    try {
      const valid = this.#session.receive(decoded.value, data);
      if (typeof valid !== 'boolean') return this.#whenHandled(valid, hasActiveJobs(decoded.value));
      this.#handled(valid);
    } catch (error) {
      this.#failed(error);
    }
    return null;
  }

  async #whenHandled(valid: Promise<boolean>, hasJobs: boolean): Promise<void> {
    try {
      const isValid = await valid;
      if (isValid && hasJobs) this.#hasHadJobs = true;
      this.#handled(isValid);
    } catch (error) {
      this.#failed(error);
    }
    this.#options.onAnswered(this);
  }

  /** Reads no more frames until the work is done. */
  #wait(work: Promise<void> | null): void {
    if (work === null) return;
    this.#waiting = [];
    this.#ws.pause();
    void work.then(() => {
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
    this.#options.onRegistered(this, isRegistered);
  }

  /** An exception is a bug of the scheduler and must not affect other nodes (protocol §4, INTERNAL_ERROR). */
  #failed(error: unknown): void {
    const { logger } = this.#options;
    logger.log('error', 'internal_error', { node_id: this.#session.nodeId, error: error instanceof Error ? error.stack : String(error) });
    this.#session.answerError('INTERNAL_ERROR', null);
  }

  #invalid(details: NodeErrorDetails): void {
    if (this.#options.mayLog(this.remote, this.#session.nodeId !== null))
      this.#options.logger.log('warn', 'invalid_message', { node_id: this.#session.nodeId, remote: this.remote, ...details });
    this.#session.answerError('INVALID_MESSAGE', details);
    this.#countInvalid();
  }

  #countInvalid(): void {
    if (this.#invalidMessages.add(this.#options.clock.monotonicMs())) this.close(CLOSE_CODES.tooManyInvalidMessages);
  }
}
