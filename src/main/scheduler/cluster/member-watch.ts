// What a member of a cluster reads and writes beside its terms, every 2 s: its sign of life, the other members, the shared files, and the clock
// of the database. Over a connection of its own.
import { messageOfError } from '../../../shared/errors';
import type { LeaderTermView, StandbyView } from '../../../shared/api/cluster';
import { fail, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Connect } from '../database/postgres/connection';
import type { Fault } from '../database/postgres/core/faults';
import { KeptConnection } from '../database/postgres/kept-connection';
import { mayTakeLease, type OwnBus, shouldStepDown } from './core/lead-with-bus';
import { DatabaseClock } from './database-clock';
import { readTerms } from './leader-terms';
import { type Member, meetMembers, readStandbys, type SeenCluster } from './member-rows';
import type { SharedFiles } from './shared-files';

export const MEET_INTERVAL_MS = 2000;
const FAULT_LOG_INTERVAL_MS = 10_000;

export interface MemberWatchOptions {
  readonly connect: Connect;
  readonly self: Omit<Member, 'hasBus'>;
  /** Whether this member is connected to the bus. Null: it is configured without one. */
  readonly hasBus: () => boolean | null;
  readonly files: SharedFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Every 2 s, after a look. */
  readonly onMet: () => void;
}

export class MemberWatch {
  readonly clock: DatabaseClock;
  readonly #options: MemberWatchOptions;
  readonly #connection: KeptConnection;
  #self: Omit<Member, 'hasBus'>;
  #seen: SeenCluster = { epoch: 0, leader: null, members: [], others: [], isNameTaken: false, nowWallMs: null };
  /** At the last look, and at the one before. */
  #bus: OwnBus = { hasBus: null, wasAway: false };
  #meeting: Timer | null = null;
  #faultLoggedAtMonotonicMs = -Infinity;
  #isStopped = false;

  constructor(options: MemberWatchOptions) {
    const { connect, clock, self } = options;
    this.#options = options;
    this.#self = self;
    this.clock = new DatabaseClock(clock);
    this.#connection = new KeptConnection({ connect, clock, random: Math.random });
  }

  /** `address`: where nodes and clients reach this member. */
  start(address: string): void {
    this.#self = { ...this.#self, address };
    void this.#meet();
  }

  stop(): void {
    this.#isStopped = true;
    this.#meeting?.cancel();
  }

  close(): void {
    this.#connection.close();
  }

  /** Host and port of the leader, when it is another member. */
  get leaderAddress(): string | null {
    const { leader } = this.#seen;
    return leader === null || leader.holder === this.#self.holder ? null : leader.address;
  }

  /** The addresses of all members, the own one first. */
  addresses(): readonly string[] {
    const others = this.#seen.members.map(({ address }) => address).filter((address) => address !== this.#self.address);
    return [this.#self.address, ...others];
  }

  /** Whether this member may take a free lease. */
  get mayTakeLease(): boolean {
    return mayTakeLease({ hasBus: this.#options.hasBus() }, this.#seen.others);
  }

  /** Whether this member, which leads, should let another one lead. */
  get shouldStepDown(): boolean {
    return shouldStepDown(this.#bus, this.#seen.others);
  }

  /** As the database has it now, or as it was last when the database cannot be reached. */
  async look(): Promise<SeenCluster> {
    const { clock, logger } = this.#options;
    const opened = await this.#connection.open();
    const askedWallMs = clock.wallMs();
    const hasBus = this.#options.hasBus();
    const met = opened.ok ? await meetMembers(opened.value, { ...this.#self, hasBus }) : opened;
    if (!met.ok) {
      this.logFault(met.error);
      return this.#seen;
    }
    this.#connection.succeeded();
    const { isNameTaken, nowWallMs } = met.value;
    if (isNameTaken) logger.log('error', 'cluster_name_taken', { name: this.#self.name });
    if (nowWallMs !== null && this.clock.read(nowWallMs, askedWallMs, clock.wallMs()))
      logger.log('warn', 'cluster_clock_differs', { database_ahead_seconds: Math.round(this.clock.aheadMs / 1000) });
    this.#seen = met.value;
    return met.value;
  }

  async standbys(): Promise<readonly StandbyView[]> {
    const opened = await this.#connection.open();
    const read = opened.ok ? await readStandbys(opened.value) : opened;
    return read.ok ? read.value : [];
  }

  /** The last terms of leaders. None: the database cannot be reached. */
  async terms(): Promise<readonly LeaderTermView[]> {
    const opened = await this.#connection.open();
    const read = opened.ok ? await readTerms(opened.value) : opened;
    return read.ok ? read.value : [];
  }

  /** Exchanges the shared files. False: the database cannot be reached. */
  async exchange(): Promise<boolean> {
    const { files, logger } = this.#options;
    const opened = await this.#connection.open();
    const exchanged = opened.ok ? await this.#exchanged(() => files.exchange(opened.value)) : opened;
    if (!exchanged.ok) this.logFault(exchanged.error);
    else for (const file of exchanged.value) logger.log('warn', 'cluster_file_replaced', { file });
    return exchanged.ok;
  }

  /** A database that is away fails several times a second. */
  logFault({ kind, sqlState, reason }: Fault): void {
    const { clock, logger } = this.#options;
    const nowMonotonicMs = clock.monotonicMs();
    if (nowMonotonicMs - this.#faultLoggedAtMonotonicMs < FAULT_LOG_INTERVAL_MS) return;
    this.#faultLoggedAtMonotonicMs = nowMonotonicMs;
    logger.log('warn', 'cluster_database_fault', { kind, sql_state: sqlState, reason });
  }

  async #meet(): Promise<void> {
    const hasBus = this.#options.hasBus();
    await this.look();
    this.#bus = { hasBus, wasAway: this.#bus.hasBus === false };
    await this.exchange();
    if (this.#isStopped) return;
    this.#options.onMet();
    this.#meeting = this.#options.clock.setTimer(MEET_INTERVAL_MS, () => void this.#meet());
  }

  async #exchanged(exchange: () => ReturnType<SharedFiles['exchange']>): Promise<Result<readonly string[], Fault>> {
    try {
      return await exchange();
    } catch (error) {
      return fail({ kind: 'failed', sqlState: null, reason: messageOfError(error) });
    }
  }
}
