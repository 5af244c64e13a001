// The port to the database (ADR 0052). SQLite (`sqlite-store.ts`) and PostgreSQL implement it. Its users write SQL that both understand:
// `?` for values, `ON CONFLICT (...)` with the columns of the key, `IS NULL` or `=` instead of `IS ?`, and no function of one engine alone.
// The schemas differ by engine (`migrations.ts`), the statements do not.
import type { Result } from '../../../shared/result';

/** Counts wait so long, so that those of many requests are one write. A kill of the process loses them. */
export const COUNTS_WRITE_DELAY_MS = 5000;

export type SqlValue = string | number | Uint8Array | null;

/** Text columns are strings, integers are numbers, and bytes are Uint8Array. */
export type Row = Readonly<Record<string, unknown>>;

/** Each `?` of the text is a value, in this order. The text has no other `?`. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** New rows of a table. Each has a value for each column. No two rows of one statement have the same key. */
export interface Insert {
  readonly into: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** What happens to a row whose key is in the table. Default: the whole write fails. */
  readonly onConflict?: {
    readonly key: readonly string[];
    /** `nothing`: the row in the table stays. Otherwise these columns get the new values. */
    readonly update: 'nothing' | readonly string[];
  };
}

export type Statement = Sql | Insert;

/** Nothing of the write is stored. `isFull`: there was no space, and the write can be retried later. `reason` is for the log. */
export interface WriteFailure {
  readonly isFull: boolean;
  readonly reason: string;
}

export type Written = Promise<Result<null, WriteFailure>>;

export interface WriteOptions {
  /**
   * False: the write may resolve before it is on the disk. It survives the end of this program; a loss of power may undo it. Default: true. On
   * PostgreSQL all writes are on the disk: its server waits for the disk, not this program.
   */
  readonly isDurable?: boolean;
  /** The values have megabytes. Default: false. */
  readonly isLarge?: boolean;
  /** The caller has collected what belongs together, so the write begins at once. Default: at the end of this turn of the event loop. */
  readonly isCollected?: boolean;
}

/** One writer: no other program writes to the database. */
export interface Store {
  /** Sees all writes that have resolved. Rejects with an error of the database. */
  read(sql: Sql): Promise<readonly Row[]>;
  /**
   * Resolves when the write is stored. The statements run in their order, after those of earlier writes. Writes that begin together are one
   * transaction: they are stored all, or none is. The engine may divide thousands of writes.
   */
  write(statements: readonly Statement[], options?: WriteOptions): Written;
  /** Bytes of the content. Space that the engine will use again does not count. */
  usedBytes(): Promise<number>;
  /** Waits for pending writes. Later writes are refused. */
  close(): Promise<void>;
}
