// The link of the scheduler to a scripted node: open, slow, closing before the scheduler has noticed, or closed.
import type { AssignHead, NodeLink } from '../../src/main/scheduler/nodes/node-link';
import type { SchedulerMessage } from '../../src/shared/protocol/scheduler-messages';
import { taskSchema } from '../../src/shared/protocol/tasks';

export interface ScriptedLinkParts {
  readonly remote: string;
  readonly deliver: (message: SchedulerMessage) => void;
  /** The scheduler has noticed that the link is closed. */
  readonly onEnd: () => void;
}

export class ScriptedLink implements NodeLink {
  readonly remote: string;
  readonly #parts: ScriptedLinkParts;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #isReading = true;
  #waiters: (() => void)[] = [];

  constructor(parts: ScriptedLinkParts) {
    this.remote = parts.remote;
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isFull(): boolean {
    return !this.#isReading;
  }

  /** Like the real link: messages during the close are dropped, and the close is reported immediately afterwards. */
  send(message: SchedulerMessage): boolean {
    if (this.#state === 'open') this.#parts.deliver(message);
    else
      queueMicrotask(() => {
        this.close();
      });
    return this.#state === 'open';
  }

  sendAssign(head: AssignHead, task: string): boolean {
    return this.send({ ...head, task: taskSchema.parse(JSON.parse(task)) });
  }

  whenDrained(callback: () => void): void {
    if (this.isFull && this.#state !== 'closed') this.#waiters.push(callback);
    else callback();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#parts.onEnd();
    queueMicrotask(() => {
      this.#drained();
    });
  }

  /** The peer has begun to close, and the scheduler has not noticed yet. */
  startClosing(): void {
    if (this.#state === 'open') this.#state = 'closing';
  }

  read(isReading: boolean): void {
    this.#isReading = isReading;
    if (isReading) this.#drained();
  }

  #drained(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) this.whenDrained(waiter);
  }
}
