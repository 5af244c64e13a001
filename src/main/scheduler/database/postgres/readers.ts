// The reading connections. A slow read does not delay the writes, and delays few other reads. A lost connection is replaced, and the read
// is repeated within a limit.
import { messageOfError } from '../../../../shared/errors';
import type { Clock } from '../../../platform/clock';
import type { Row, Sql } from '../store';
import type { Connect } from './connection';
import type { Fault } from './core/faults';
import { numbered } from './core/statement-plan';
import { KeptConnection } from './kept-connection';
import { Pauses } from './pauses';

const CONNECTIONS = 2;
/** So long a read is repeated after losses of the connection. */
const TRY_FOR_MS = 5000;
const RETRY_MS = 50;

export interface ReadersOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onFault?: (fault: Fault) => void;
}

interface Reader {
  readonly connection: KeptConnection;
  open: number;
}

export class Readers {
  readonly #options: ReadersOptions;
  readonly #readers: readonly Reader[];
  readonly #pauses: Pauses;
  readonly #reads = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: ReadersOptions) {
    this.#options = options;
    this.#readers = Array.from({ length: CONNECTIONS }, () => ({ connection: new KeptConnection(options), open: 0 }));
    this.#pauses = new Pauses(options.clock);
  }

  /** Rejects with an error of the database. */
  async read(sql: Sql): Promise<readonly Row[]> {
    if (this.#isClosed) throw new Error('the store is closed');
    const reading = this.#read(sql);
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
    }
  }

  /** Waits for open reads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#reads);
    this.#pauses.end();
    for (const { connection } of this.#readers) connection.close();
  }

  async #read(sql: Sql): Promise<readonly Row[]> {
    const { text, values } = numbered(sql);
    const giveUpAtMonotonicMs = this.#options.clock.monotonicMs() + TRY_FOR_MS;
    for (;;) {
      const fault = await this.#attempt(text, values);
      if ('rows' in fault) return fault.rows;
      this.#options.onFault?.(fault);
      const isRepeated = fault.kind === 'lost' || fault.kind === 'busy';
      if (!isRepeated || this.#options.clock.monotonicMs() >= giveUpAtMonotonicMs) throw new Error(fault.reason);
      await this.#pauses.pause(RETRY_MS);
    }
  }

  async #attempt(text: string, values: Sql['values']): Promise<{ readonly rows: readonly Row[] } | Fault> {
    const reader = this.#readers.reduce((fewest, other) => (other.open < fewest.open ? other : fewest));
    reader.open++;
    try {
      const opened = await reader.connection.open();
      if (!opened.ok) return opened.error;
      const answered = await opened.value.query(text, values);
      if (!answered.ok) return answered.error;
      reader.connection.succeeded();
      return { rows: answered.value.rows };
    } catch (error) {
      return { kind: 'failed', sqlState: null, reason: messageOfError(error) };
    } finally {
      reader.open--;
    }
  }
}
