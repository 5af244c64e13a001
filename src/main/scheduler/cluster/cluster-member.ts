// One scheduler of a cluster. It listens all the time. While it has the lease, the scheduler behind its address is the real one; before and
// after, a small server names the leader. A term begins with the lease and ends with it: everything in memory is built from the
// database, and nothing of an earlier term is used.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { messageOfError } from '../../../shared/errors';
import type { BusView, ClusterView, TermEnd } from '../../../shared/api/cluster';
import { fail, ok, type Result } from '../../../shared/result';
import type { ClusterPort } from '../../contracts/cluster-port';
import { type Clock, pause } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { connectPrimary, STORE_TIMEOUTS, type Timeouts } from '../database/postgres/connection';
import { type DatabaseTarget, describeTarget } from '../database/postgres/core/database-url';
import type { DeposedReason, LeaderTerm } from '../database/postgres/core/leader-term';
import { migrateDatabase, MIGRATION_TIMEOUTS, type MigrationFailure } from '../database/postgres/migrate';
import { PostgresStore } from '../database/postgres/postgres-store';
import type { Store } from '../database/store';
import { isPassed } from './core/lead-with-bus';
import { LEASE_TIMEOUTS, LeaderLease } from './leader-lease';
import type { Member } from './member-rows';
import { MEET_INTERVAL_MS, MemberWatch } from './member-watch';
import type { SharedFiles } from './shared-files';

/** What the term of a leader gets. `epoch`: of the lease. `clock`: with the wall clock of the database. */
export interface TermContext {
  readonly epoch: number;
  readonly store: Store;
  readonly clock: Clock;
  /** Whether messages may be sent, by the own clock. */
  readonly mayAct: () => boolean;
}

/** The scheduler of one term. */
export interface OpenTerm {
  readonly server: Server;
  stop(): Promise<void>;
}

export interface ClusterMemberOptions {
  readonly target: DatabaseTarget;
  readonly self: Pick<Member, 'name' | 'version'>;
  /** Whether this member is connected to the bus. Null: it is configured without one. */
  readonly hasBus: () => boolean | null;
  readonly busView: () => BusView | null;
  /** The highest epoch that the bus knows. 0: none. */
  readonly busEpoch: () => number;
  readonly files: SharedFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Builds the scheduler. Its connections come when `serve` is called with its server. */
  readonly openTerm: (context: TermContext) => Promise<Result<OpenTerm, { readonly code: string; readonly details: object }>>;
  /** New connections go to this server. Null: to that of a candidate. */
  readonly serve: (server: Server | null) => void;
}

export class ClusterMember implements ClusterPort {
  readonly #options: ClusterMemberOptions;
  readonly #lease: LeaderLease;
  readonly #watch: MemberWatch;
  /** The term that should be open, and the one that is. */
  #wanted: LeaderTerm | null = null;
  #leadsSinceWallMs: number | null = null;
  #open: { readonly term: LeaderTerm; readonly scheduler: OpenTerm; readonly store: PostgresStore } | null = null;
  #store: PostgresStore | null = null;
  #changing: Promise<void> | null = null;

  constructor(options: ClusterMemberOptions) {
    const { clock, self: named } = options;
    this.#options = options;
    const holder = `${named.name} ${randomUUID()}`;
    const self = { ...named, address: '', holder, startedAtWallMs: Math.round(clock.wallMs()) };
    const onMet = this.#onMet.bind(this);
    this.#watch = new MemberWatch({ ...options, self, connect: this.#connect(LEASE_TIMEOUTS), onMet });
    this.#lease = new LeaderLease({
      connect: this.#connect(LEASE_TIMEOUTS),
      holder,
      clock,
      mayTake: () => this.#watch.mayTakeLease,
      knownEpoch: options.busEpoch,
      listener: {
        onLeader: this.#onLeader.bind(this),
        onDeposed: this.#onDeposed.bind(this),
        onFault: this.#watch.logFault.bind(this.#watch),
      },
    });
  }

  /** Brings the database to the schema of this program and exchanges the shared files. Waits for the database, unless `stop` aborts that. */
  async prepare(
    createMissing: () => Promise<void>,
    stop: AbortSignal,
  ): Promise<Result<null, MigrationFailure | { readonly code: 'STOPPED' }>> {
    for (;;) {
      if (stop.aborted) return fail({ code: 'STOPPED' });
      const migrated = await migrateDatabase(this.#connect(MIGRATION_TIMEOUTS));
      if (!migrated.ok && migrated.error.code === 'DATABASE_TOO_NEW') return migrated;
      if (migrated.ok && (await this.#watch.exchange())) {
        await createMissing();
        if (await this.#watch.exchange()) return ok(null);
      }
      if (!migrated.ok && migrated.error.code === 'DATABASE_UNREACHABLE')
        this.#watch.logFault({ kind: 'lost', sqlState: null, ...migrated.error.details });
      await pause(this.#options.clock, MEET_INTERVAL_MS, stop);
    }
  }

  /** `address`: where nodes and clients reach this member. */
  start(address: string): void {
    this.#lease.start();
    this.#watch.start(address);
  }

  /** Host and port of the leader, when it is another member. */
  get leaderAddress(): string | null {
    return this.#watch.leaderAddress;
  }

  /** The addresses of all members, the own one first. */
  addresses(): readonly string[] {
    return this.#watch.addresses();
  }

  /** As the database has it now, or as it was last when the database cannot be reached. */
  async view(): Promise<ClusterView> {
    const { epoch, leader, members } = await this.#watch.look();
    const standbys = await this.#watch.standbys();
    const terms = await this.#watch.terms();
    return {
      epoch,
      leader: leader?.name ?? null,
      leads_since: this.#wanted === null ? null : this.#leadsSinceWallMs,
      self: this.#options.self.name,
      members: [...members],
      database: { kind: 'postgresql', address: describeTarget(this.#options.target), standbys: [...standbys] },
      bus: this.#options.busView(),
      terms: [...terms],
    };
  }

  /** Another member can lead at once. Pending changes are written before. False: this member does not lead. */
  async stepDown(ending: TermEnd = 'step_down'): Promise<boolean> {
    if (this.#wanted === null) return false;
    this.#options.logger.log('info', 'cluster_step_down', { epoch: this.#wanted.epoch });
    await this.#end();
    await this.#lease.stepDown(ending);
    return true;
  }

  async stop(): Promise<void> {
    this.#watch.stop();
    await this.#end();
    await this.#lease.stop();
    this.#watch.close();
  }

  /** Ends the term in order, while the lease is held. */
  async #end(): Promise<void> {
    this.#wanted = null;
    this.#options.serve(null);
    await this.#change();
  }

  #onMet(): void {
    if (this.#wanted === null) return;
    const { logger, busEpoch } = this.#options;
    const { epoch } = this.#wanted;
    if (isPassed(epoch, busEpoch())) {
      logger.log('warn', 'cluster_epoch_passed', { epoch, bus_epoch: busEpoch() });
      void this.stepDown('epoch_passed');
    } else if (this.#watch.shouldStepDown) {
      logger.log('warn', 'cluster_bus_lost', { epoch });
      void this.stepDown('bus_lost');
    }
  }

  #onLeader(term: LeaderTerm): void {
    this.#options.logger.log('info', 'cluster_lease_taken', { epoch: term.epoch });
    this.#wanted = term;
    this.#leadsSinceWallMs = Math.round(this.#options.clock.wallMs());
    void this.#change();
  }

  #onDeposed(term: LeaderTerm, reason: DeposedReason): void {
    this.#options.logger.log('warn', 'cluster_lease_lost', { epoch: term.epoch, reason });
    if (this.#wanted?.epoch === term.epoch) this.#wanted = null;
    this.#options.serve(null);
    this.#store?.depose(reason);
    void this.#change();
  }

  /** Opens and closes terms, one after the other, until the wanted one is open. */
  #change(): Promise<void> {
    if (this.#isChanged()) return this.#changing ?? Promise.resolve();
    return (this.#changing ??= this.#changeAll());
  }

  #isChanged(): boolean {
    return (this.#open?.term ?? null) === this.#wanted;
  }

  async #changeAll(): Promise<void> {
    while (!this.#isChanged()) {
      if (this.#open !== null) {
        const { scheduler, store } = this.#open;
        this.#open = null;
        await scheduler.stop();
        await store.close();
        this.#store = null;
      } else if (this.#wanted !== null) await this.#openTerm(this.#wanted);
    }
    // In the turn of the last check, so that a later change begins again.
    this.#changing = null;
  }

  async #openTerm(term: LeaderTerm): Promise<void> {
    const { clock, logger, openTerm, serve } = this.#options;
    const startedAtMonotonicMs = clock.monotonicMs();
    const store = new PostgresStore({
      connect: this.#connect(STORE_TIMEOUTS),
      term,
      clock,
      isHeld: () => this.#lease.isHeld(),
      onDeposed: this.#lease.lost.bind(this.#lease, term),
      onFault: this.#watch.logFault.bind(this.#watch),
    });
    this.#store = store;
    // For the clock: times are stored from now on.
    await this.#watch.look();
    const context = { epoch: term.epoch, store, clock: this.#watch.clock, mayAct: () => this.#mayAct(term) };
    const opened = await this.#opened(() => openTerm(context));
    if (opened.ok) {
      this.#open = { term, scheduler: opened.value, store };
      if (this.#wanted !== term) return;
      serve(opened.value.server);
      logger.log('info', 'cluster_leads', { epoch: term.epoch, opened_ms: Math.round(clock.monotonicMs() - startedAtMonotonicMs) });
      return;
    }
    logger.log('error', 'cluster_term_not_opened', { epoch: term.epoch, code: opened.error.code, ...opened.error.details });
    await store.close();
    this.#store = null;
    if (this.#wanted !== term) return;
    this.#wanted = null;
    await this.#lease.stepDown('not_opened');
  }

  async #opened(open: () => ReturnType<ClusterMemberOptions['openTerm']>): ReturnType<ClusterMemberOptions['openTerm']> {
    try {
      return await open();
    } catch (error) {
      return fail({ code: 'INTERNAL_ERROR', details: { reason: messageOfError(error) } });
    }
  }

  #mayAct(term: LeaderTerm): boolean {
    return this.#wanted === term && this.#lease.isHeld();
  }

  #connect(timeouts: Timeouts) {
    return () => connectPrimary(this.#options.target, timeouts);
  }
}
