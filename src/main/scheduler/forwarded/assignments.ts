// The assignments on one channel whose replica has not said yet whether they were sent. They outlive the connection: it may have ended before
// they arrived, and then other nodes get their jobs at once.
import type { SentRecord } from '../replica/core/node-records';

type OnAnswer = (isLost: boolean) => void;

export class Assignments {
  readonly #unanswered = new Map<string, OnAnswer>();

  begin(connection: number, attempt: Pick<SentRecord, 'job_id' | 'attempt'>, onAnswer: OnAnswer): void {
    this.#unanswered.set(keyOf(connection, attempt), onAnswer);
  }

  answered(sent: SentRecord): void {
    const key = keyOf(sent.c, sent);
    const onAnswer = this.#unanswered.get(key);
    this.#unanswered.delete(key);
    onAnswer?.(sent.lost);
  }
}

const keyOf = (connection: number, { job_id: jobId, attempt }: Pick<SentRecord, 'job_id' | 'attempt'>): string =>
  `${String(connection)} ${String(attempt)} ${jobId}`;
