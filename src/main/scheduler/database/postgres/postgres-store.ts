// The store on PostgreSQL, for one term of one leader. A group of writes is one transaction with the fence: the writes that came while the
// last transaction ran. A loss of the connection is repaired within a limit, and each write resolves with its true outcome.
import { assertNever } from '../../../../shared/assert-never';
import { fail, ok, type Result } from '../../../../shared/result';
import type { Clock } from '../../../platform/clock';
import type { Row, Sql, Statement, Store, WriteFailure, WriteOptions, Written } from '../store';
import type { Connect, Connection } from './connection';
import type { Fault } from './core/faults';
import type { DeposedReason, LeaderTerm } from './core/leader-term';
import { planQueries } from './core/statement-plan';
import { KeptConnection } from './kept-connection';
import { Pauses } from './pauses';
import { Readers } from './readers';
import { askOutcome, runTransaction } from './transaction';

/** The lease of a leader without a connection ends at the same time. */
const TRY_FOR_MS = 5000;
/** Of one transaction with several writes, so that it ends within the limits of time. */
const MAX_STATEMENTS = 2000;
/** Between attempts when the connection works but the group did not get through. */
const RETRY_MS = 50;

export interface PostgresStoreOptions {
  readonly connect: Connect;
  readonly term: LeaderTerm;
  readonly clock: Clock;
  readonly random?: () => number;
  /** So long a write is repeated while the connection is lost or a lock is held. */
  readonly tryForMs?: number;
  /** Whether the lease is held, by the own clock. Asked before each transaction and each commit. */
  readonly isHeld: () => boolean;
  /** Once, when the database shows that the term has ended. Not for `depose`. */
  readonly onDeposed: (reason: DeposedReason) => void;
  /** Of a connection: for the log. */
  readonly onFault?: (fault: Fault) => void;
}

/** Of the texts of jobs, which are nearly all of the content. The size of a table has the space of removed rows, too. */
const USED_BYTES = `SELECT (SELECT coalesce(sum(octet_length(facts) + octet_length(state)), 0) FROM jobs)
  + (SELECT coalesce(sum(octet_length(task) + coalesce(octet_length(body), octet_length(sealed), 0)), 0) FROM job_tasks)
  + (SELECT coalesce(sum(octet_length(result) + coalesce(octet_length(body), 0)), 0) FROM job_results) AS bytes`;

interface PendingWrite {
  readonly statements: readonly Statement[];
  readonly options: WriteOptions;
  readonly resolve: (written: Result<null, WriteFailure>) => void;
}

type Failed = Result<never, WriteFailure>;
const failed = (reason: string, isFull = false): Failed => fail({ isFull, reason });
const deposedText = (reason: DeposedReason): string => `this scheduler does not lead any more (${reason})`;

export class PostgresStore implements Store {
  readonly #options: PostgresStoreOptions;
  readonly #writer: KeptConnection;
  readonly #readers: Readers;
  readonly #pauses: Pauses;
  readonly #tryForMs: number;
  #pending: PendingWrite[] = [];
  /** Those of the transaction that runs. */
  #group: readonly PendingWrite[] = [];
  #running: Promise<void> | null = null;
  #deposed: DeposedReason | null = null;
  /** Of the newest transaction. */
  #number = 0;
  #closing: Promise<void> | null = null;
  /** Of the present group. */
  #giveUpAtMonotonicMs = 0;
  /** A store that closes does not ask for an outcome for longer. */
  #closeUntilMonotonicMs = Infinity;

  constructor(options: PostgresStoreOptions) {
    const { connect, clock, random = Math.random } = options;
    this.#options = options;
    this.#writer = new KeptConnection({ connect, clock, random });
    this.#readers = new Readers({ connect, clock, random, ...(options.onFault === undefined ? {} : { onFault: options.onFault }) });
    this.#pauses = new Pauses(clock);
    this.#tryForMs = options.tryForMs ?? TRY_FOR_MS;
  }

  read(sql: Sql): Promise<readonly Row[]> {
    return this.#readers.read(sql);
  }

  write(statements: readonly Statement[], options: WriteOptions = {}): Written {
    if (this.#deposed !== null) return Promise.resolve(failed(deposedText(this.#deposed)));
    if (this.#closing !== null) return Promise.resolve(failed('the store is closed'));
    return new Promise((resolve) => {
      const isFirst = this.#pending.push({ statements, options, resolve }) === 1;
      if (options.isCollected === true) this.#start();
      else if (isFirst)
        setImmediate(() => {
          this.#start();
        });
    });
  }

  async usedBytes(): Promise<number> {
    const [row] = await this.read({ text: USED_BYTES, values: [] });
    return Number(row?.['bytes'] ?? 0);
  }

  /** The term has ended: every write fails from now on. Those that were pending may or may not be stored. Reads work until `close`. */
  depose(reason: DeposedReason): void {
    if (this.#deposed !== null) return;
    this.#deposed = reason;
    const writes = [...this.#group, ...this.#pending];
    this.#pending = [];
    for (const { resolve } of writes) resolve(failed(deposedText(reason)));
    this.#pauses.end();
    this.#writer.drop();
    this.#writer.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closeUntilMonotonicMs = this.#options.clock.monotonicMs() + this.#tryForMs;
    this.#start();
    // The transaction that runs takes the writes after it along.
    await this.#running;
    this.#pauses.end();
    this.#writer.close();
    await this.#readers.close();
  }

  #start(): void {
    if (this.#pending.length > 0) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0) {
      this.#group = this.#nextGroup();
      const written = await this.#commit(this.#group);
      for (const { resolve } of this.#group) resolve(written);
      this.#group = [];
    }
    this.#running = null;
  }

  /** At least one write. */
  #nextGroup(): readonly PendingWrite[] {
    let statements = 0;
    const end = this.#pending.findIndex((write) => (statements += write.statements.length) > MAX_STATEMENTS);
    return this.#pending.splice(0, end === -1 ? this.#pending.length : Math.max(1, end));
  }

  /** All or nothing. Tries again while that can help. */
  async #commit(writes: readonly PendingWrite[]): Promise<Result<null, WriteFailure>> {
    const { clock, onFault } = this.#options;
    const queries = planQueries(writes.flatMap(({ statements }) => statements));
    if (queries.length === 0) return ok(null);
    this.#giveUpAtMonotonicMs = clock.monotonicMs() + this.#tryForMs;
    for (;;) {
      const connection = await this.#connection();
      if (!connection.ok) return connection;
      const mayCommit = (): boolean => this.#mayWrite();
      const outcome = await runTransaction(connection.value, { term: this.#options.term, number: ++this.#number, queries, mayCommit });
      switch (outcome.type) {
        case 'committed':
          this.#writer.succeeded();
          return ok(null);
        case 'deposed':
          return this.#end(outcome.reason);
        case 'failed':
          onFault?.(outcome.fault);
          if (outcome.fault.kind === 'full') return failed(outcome.fault.reason, true);
          if (outcome.fault.kind !== 'lost' && outcome.fault.kind !== 'busy') return failed(outcome.fault.reason);
          if (this.#isLate()) return failed(outcome.fault.reason);
          await this.#pauses.pause(RETRY_MS);
          break;
        case 'unknown': {
          onFault?.(outcome.fault);
          const past = await this.#pastOutcome();
          if (past !== 'aborted') return past;
          break;
        }
        default:
          return assertNever(outcome);
      }
    }
  }

  /** An open connection to the server of this term, or why the group fails. */
  async #connection(): Promise<Result<Connection, WriteFailure>> {
    for (;;) {
      if (!this.#mayWrite()) return this.#end('lease_expired');
      const opened = await this.#writer.open();
      if (this.#deposed !== null) return this.#end(this.#deposed);
      if (!opened.ok) {
        this.#options.onFault?.(opened.error);
        if (this.#isLate()) return failed(opened.error.reason);
        continue;
      }
      if (opened.value.timeline !== this.#options.term.timeline) return this.#end('database_promoted');
      return opened;
    }
  }

  /** The connection was lost after COMMIT was sent. A write with an unknown outcome is not repeated, so only lease and close end the wait. */
  async #pastOutcome(): Promise<'aborted' | Result<null, WriteFailure>> {
    for (;;) {
      this.#giveUpAtMonotonicMs = this.#closeUntilMonotonicMs;
      if (this.#isLate()) return this.#end('outcome_unknown');
      const connection = await this.#connection();
      if (!connection.ok) return connection;
      const outcome = await askOutcome(connection.value, this.#options.term, this.#number);
      switch (outcome) {
        case 'committed':
          this.#writer.succeeded();
          return ok(null);
        case 'aborted':
          this.#giveUpAtMonotonicMs = this.#options.clock.monotonicMs() + this.#tryForMs;
          return outcome;
        case 'deposed':
          return this.#end('taken_over');
        case 'refused':
          return this.#end('outcome_unknown');
        case 'pending':
          await this.#pauses.pause(RETRY_MS);
          break;
        default:
          return assertNever(outcome);
      }
    }
  }

  #mayWrite(): boolean {
    return this.#deposed === null && this.#options.isHeld();
  }

  #isLate(): boolean {
    return this.#options.clock.monotonicMs() >= this.#giveUpAtMonotonicMs;
  }

  /** Ends the term, unless it has ended. */
  #end(reason: DeposedReason): Failed {
    if (this.#deposed === null) {
      this.depose(reason);
      this.#options.onDeposed(reason);
    }
    return failed(deposedText(this.#deposed ?? reason));
  }
}
