// Caches the tasks of new jobs as text until their assignment is sent, so that no assignment reads the store. A job without a cached text is
// assigned with the text from the store.
import { parseJson } from '../../../shared/json';
import { isStreamed, type Task, taskSchema } from '../../../shared/protocol/tasks';

/** A task as it is stored and sent. */
export interface TaskText {
  /** JSON. */
  readonly text: string;
  /** Whether the task is answered with a stream of events. */
  readonly isStreamed: boolean;
}

export interface StoredTask extends TaskText {
  readonly task: Task;
}

export const taskTextOf = (task: Task, text: string): TaskText => ({ text, isStreamed: task.kind === 'openai' && isStreamed(task) });

/** From the store. Null: the task is invalid, or this version does not know it. Then one job fails; an exception would end the scheduler. */
export function parseTaskText(text: string): StoredTask | null {
  const { data: task } = taskSchema.safeParse(parseJson(text));
  return task === undefined ? null : { ...taskTextOf(task, text), task };
}

/** Space for two of the largest tasks, or for tens of thousands of waiting chats. */
const MAX_CACHED_BYTES = 64 * 1024 * 1024;
/** The maximum size of a character in memory. */
export const BYTES_PER_CHARACTER = 2;

export class TaskTexts {
  readonly #maxBytes: number;
  /** The oldest text comes first. */
  readonly #texts = new Map<string, TaskText>();
  #bytes = 0;

  constructor(maxBytes = MAX_CACHED_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all cached texts. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Null: not cached. */
  get(jobId: string): TaskText | null {
    return this.#texts.get(jobId) ?? null;
  }

  /** Drops the oldest texts above the limit. A text that alone exceeds the limit is not cached. */
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
