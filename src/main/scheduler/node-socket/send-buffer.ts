// The messages that a node has not taken from its socket yet. Jobs are counted apart: they may be large, so that other jobs wait for them.
import type { WebSocket } from 'ws';
import type { AssignHead } from '../nodes/node-link';

/** Maximum size of the buffer without jobs. Slow consumers are disconnected. */
const MAX_SEND_BUFFER_BYTES = 1024 * 1024;
/** Maximum size of the jobs in the buffer; one job can be as large as a frame. Other jobs wait until these are sent. */
export const MAX_JOB_BYTES = 4 * 1024 * 1024;

const TEXT_FRAME = { binary: false };

export const assignText = (head: AssignHead, task: string): string => `${JSON.stringify(head).slice(0, -1)},"task":${task}}`;

export class SendBuffer {
  readonly #ws: WebSocket;
  readonly #onTooSlow: () => void;
  /** Size of the jobs in the buffer. */
  #jobBytes = 0;
  #waiters: (() => void)[] = [];
  #isStopped = false;

  constructor(ws: WebSocket, onTooSlow: () => void) {
    this.#ws = ws;
    this.#onTooSlow = onTooSlow;
  }

  get isFull(): boolean {
    return this.#jobBytes > MAX_JOB_BYTES;
  }

  /** `jobBytes`: how many bytes of the text are jobs. `onSent`: the text was sent, or the connection has ended. */
  send(text: string | Uint8Array, jobBytes: number, onSent?: () => void): boolean {
    this.#jobBytes += jobBytes;
    this.#ws.send(text, TEXT_FRAME, () => {
      this.#jobBytes -= jobBytes;
      if (!this.isFull) this.#drained();
      onSent?.();
    });
    if (this.#ws.bufferedAmount - this.#jobBytes > MAX_SEND_BUFFER_BYTES) this.#onTooSlow();
    return true;
  }

  whenDrained(callback: () => void): void {
    if (this.isFull && !this.#isStopped) this.#waiters.push(callback);
    else callback();
  }

  /** Waiting jobs then choose another connection. Deferred, because a registration that replaces the connection may be running. */
  stop(): void {
    this.#isStopped = true;
    queueMicrotask(() => {
      this.#drained();
    });
  }

  /** One waiter can fill the buffer again; the others keep waiting. */
  #drained(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) this.whenDrained(waiter);
  }
}
