// The tasks of jobs that were just stored, as text: held until the assignment is sent, so that it is made without reading the store.
// A job whose text is not held is assigned all the same, with the text that the store has.
import { isStreamed, type Task } from '../../../shared/protocol/tasks';

/** A task as it is stored and sent. */
export interface TaskText {
  /** JSON. */
  readonly text: string;
  /** Whether the task is to be answered with events. */
  readonly isStreamed: boolean;
}

export const taskTextOf = (task: Task, text: string): TaskText => ({ text, isStreamed: task.kind === 'openai' && isStreamed(task) });

/** Room for two of the largest tasks, and for tens of thousands of chats that wait. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** The most that a string takes in memory. */
const BYTES_PER_CHARACTER = 2;

export class TaskTexts {
  readonly #maxBytes: number;
  /** The one held longest comes first. */
  readonly #texts = new Map<string, TaskText>();
  #bytes = 0;

  constructor(maxBytes = MAX_HELD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Of all texts that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Null: not held. */
  get(jobId: string): TaskText | null {
    return this.#texts.get(jobId) ?? null;
  }

  /** Drops the oldest texts where there are too many bytes. A text that is too large by itself is not held. */
  keep(jobId: string, task: TaskText): void {
    if (bytesOf(task) > this.#maxBytes) return;
    this.#texts.set(jobId, task);
    this.#bytes += bytesOf(task);
    for (const oldest of this.#texts.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.forget(oldest);
    }
  }

  forget(jobId: string): void {
    const task = this.#texts.get(jobId);
    if (task === undefined) return;
    this.#texts.delete(jobId);
    this.#bytes -= bytesOf(task);
  }
}

const bytesOf = ({ text }: TaskText): number => BYTES_PER_CHARACTER * text.length;
