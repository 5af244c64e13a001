// The store of a scheduler in memory. It ends with its scheduler. When it is slow, the test decides when a write is applied to the database, when
// its outcome arrives, and when a read is answered: the scheduler can be killed between any two of these.
import type { Row, Sql, Statement, Store, WriteFailure, WriteOptions, Written } from '../../src/main/scheduler/database/store';
import { fail } from '../../src/shared/result';
import type { Lifetime } from './lifetime';

export interface WorldStoreOptions {
  readonly database: Store;
  readonly life: Lifetime;
  readonly isSlow: boolean;
}

export class WorldStore implements Store {
  readonly #options: WorldStoreOptions;
  /** Not in the database yet. Each returns its outcome. */
  readonly #unapplied: (() => () => void)[] = [];
  /** In the database; their outcome has not arrived. */
  readonly #unanswered: (() => void)[] = [];
  readonly #reads: (() => void)[] = [];
  #watchers = 0;

  constructor(options: WorldStoreOptions) {
    this.#options = options;
  }

  /** Whether a read or write waits for the test. */
  get isBusy(): boolean {
    return this.#unapplied.length + this.#unanswered.length + this.#reads.length > 0;
  }

  /** The oldest write that is not in the database is applied. */
  apply(): void {
    const answer = this.#unapplied.shift()?.();
    if (answer !== undefined) this.#unanswered.push(answer);
  }

  /** The outcome of the oldest write arrives. */
  answer(): void {
    this.#unanswered.shift()?.();
  }

  /** The oldest read is answered. */
  answerRead(): void {
    this.#reads.shift()?.();
  }

  /** Reads that begin during `watch` are answered at once. */
  async watched<Value>(watch: () => Promise<Value>): Promise<Value> {
    this.#watchers++;
    try {
      return await watch();
    } finally {
      this.#watchers--;
    }
  }

  read(sql: Sql): Promise<readonly Row[]> {
    const { database, life, isSlow } = this.#options;
    if (!isSlow || this.#watchers > 0) return life.outcome(() => database.read(sql));
    return life.outcome(
      () =>
        new Promise((resolve) => {
          this.#reads.push(() => {
            resolve(database.read(sql));
          });
        }),
    );
  }

  write(statements: readonly Statement[], options?: WriteOptions): Written {
    return this.#write(() => this.#options.database.write(statements, { ...options, isCollected: true }));
  }

  /** A write that the database refuses. */
  refused(failure: WriteFailure): Written {
    return this.#write(() => Promise.resolve(fail(failure)));
  }

  #write(apply: () => Written): Written {
    const { life, isSlow } = this.#options;
    if (!isSlow || this.#watchers > 0) return life.outcome(apply);
    return life.outcome(
      () =>
        new Promise((resolve) => {
          this.#unapplied.push(() => {
            const written = apply();
            return () => {
              resolve(written);
            };
          });
        }),
    );
  }

  usedBytes(): Promise<number> {
    return this.#options.life.outcome(() => this.#options.database.usedBytes());
  }

  /** The database stays open for the next scheduler. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
