// Holds the lease of the leader, or waits for it, over a connection of its own: a slow write cannot delay a renewal. `core/lease.ts` decides.
import { assertNever } from '../../../shared/assert-never';
import type { TermEnd } from '../../../shared/api/cluster';
import type { Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Connect, Connection, Timeouts } from '../database/postgres/connection';
import type { Fault } from '../database/postgres/core/faults';
import type { DeposedReason, LeaderTerm } from '../database/postgres/core/leader-term';
import { KeptConnection } from '../database/postgres/kept-connection';
import {
  epochToExceed,
  firstLeaseState,
  isHeld,
  type LeaseCommand,
  type LeaseEvent,
  type LeasePolicy,
  LEASE_POLICY,
  nextTimerAt,
  stepLease,
} from './core/lease';
import { readLeader, releaseLease, renewLease, type SeenLeader, takeLease } from './lease-row';

/** Short, so that several attempts fit into the time after which a leader gives up. */
export const LEASE_TIMEOUTS: Timeouts = { connectMs: 1500, queryMs: 1500, statementMs: 1200, lockMs: 1000, idleInTransactionMs: 2000 };

export interface LeaderLeaseListener {
  readonly onLeader: (term: LeaderTerm) => void;
  /** The term has ended. Nothing of it may be written or sent any more. */
  readonly onDeposed: (term: LeaderTerm, reason: DeposedReason) => void;
  /** The lease of another scheduler, each time a candidate has looked. */
  readonly onSeen?: (seen: SeenLeader) => void;
  /** Of the connection: for the log. */
  readonly onFault?: (fault: Fault) => void;
}

export interface LeaderLeaseOptions {
  /** With `LEASE_TIMEOUTS`. */
  readonly connect: Connect;
  /** Unique for each process. */
  readonly holder: string;
  readonly clock: Clock;
  /** Whether this scheduler may take a free lease. Default: always. */
  readonly mayTake?: () => boolean;
  /** The highest epoch that the bus knows. A promoted standby may lack the last take-overs, and the bus drops lower epochs. Default: none. */
  readonly knownEpoch?: () => number;
  readonly listener: LeaderLeaseListener;
  readonly policy?: LeasePolicy;
  readonly random?: () => number;
}

export class LeaderLease {
  readonly #options: LeaderLeaseOptions;
  readonly #policy: LeasePolicy;
  readonly #random: () => number;
  readonly #connection: KeptConnection;
  #state;
  #timer: Timer | null = null;
  #asking: Promise<void> = Promise.resolve();
  #releasing: Promise<void> = Promise.resolve();
  /** Why a release ends the term. A lease that comes too late is released without a scheduler. */
  #ending: TermEnd = 'not_opened';

  constructor(options: LeaderLeaseOptions) {
    const { connect, clock, policy = LEASE_POLICY, random = Math.random } = options;
    this.#options = options;
    this.#policy = policy;
    this.#random = random;
    this.#connection = new KeptConnection({ connect, clock, random });
    this.#state = firstLeaseState(clock.monotonicMs());
  }

  start(): void {
    this.#step({ type: 'timer' });
  }

  /** Whether this scheduler leads now, by its own clock. True means: a write or message may begin. */
  isHeld(): boolean {
    return isHeld(this.#state, this.#options.clock.monotonicMs(), this.#policy);
  }

  get term(): LeaderTerm | null {
    return this.#state.type === 'leader' ? this.#state.term : null;
  }

  /** Another part has seen that the term has ended, such as a refused write. */
  lost(term: LeaderTerm, reason: DeposedReason): void {
    this.#step({ type: 'lost', term, reason });
  }

  /** Another scheduler can lead at once, and this one later. Before: close the store, so that no write of this term is pending. */
  async stepDown(ending: TermEnd = 'step_down'): Promise<void> {
    this.#ending = ending;
    this.#step({ type: 'step_down' });
    this.#ending = 'not_opened';
    await this.#releasing;
  }

  /** As `stepDown`, for the end of the process. */
  async stop(): Promise<void> {
    this.#ending = 'stopped';
    this.#step({ type: 'stop' });
    // A look may take the lease now, which is released then.
    await this.#asking;
    await this.#releasing;
    this.#connection.close();
  }

  #step(event: LeaseEvent): void {
    const { clock } = this.#options;
    const { state, commands } = stepLease(this.#state, event, clock.monotonicMs(), this.#policy, this.#random());
    this.#state = state;
    this.#timer?.cancel();
    const nextAtMonotonicMs = nextTimerAt(state, this.#policy);
    this.#timer =
      nextAtMonotonicMs === null
        ? null
        : clock.setTimer(Math.max(0, nextAtMonotonicMs - clock.monotonicMs()), () => {
            this.#step({ type: 'timer' });
          });
    for (const command of commands) this.#act(command);
  }

  #act(command: LeaseCommand): void {
    const { listener } = this.#options;
    switch (command.type) {
      case 'look':
        this.#asking = this.#look().then((event) => {
          this.#step(event);
        });
        return;
      case 'renew':
        this.#asking = this.#renew(command.term).then((event) => {
          this.#step(event);
        });
        return;
      case 'release':
        this.#releasing = this.#release(command.term, this.#ending);
        return;
      case 'lead':
        listener.onLeader(command.term);
        return;
      case 'deposed':
        // A renewal without an answer would delay the next look.
        if (command.reason === 'lease_expired') this.#connection.drop();
        listener.onDeposed(command.term, command.reason);
        return;
      default:
        assertNever(command);
    }
  }

  async #look(): Promise<LeaseEvent> {
    const { clock, holder, listener, mayTake = () => true, knownEpoch = () => 0 } = this.#options;
    const connection = await this.#open();
    if (connection === null) return { type: 'unanswered' };
    const seen = await readLeader(connection, holder);
    if (!seen.ok) return this.#unanswered(seen);
    this.#connection.succeeded();
    listener.onSeen?.(seen.value);
    const sentAtMonotonicMs = clock.monotonicMs();
    if (!seen.value.isFree || !mayTake()) return { type: 'looked', term: null, sentAtMonotonicMs };
    const taken = await takeLease(connection, holder, this.#policy.ttlMs, epochToExceed(knownEpoch()));
    return taken.ok ? { type: 'looked', term: taken.value, sentAtMonotonicMs } : this.#unanswered(taken);
  }

  async #renew(term: LeaderTerm): Promise<LeaseEvent> {
    const connection = await this.#open();
    if (connection === null) return { type: 'unanswered' };
    if (connection.timeline !== term.timeline) return { type: 'lost', term, reason: 'database_promoted' };
    const sentAtMonotonicMs = this.#options.clock.monotonicMs();
    const renewed = await renewLease(connection, term, this.#policy.ttlMs);
    if (!renewed.ok) return this.#unanswered(renewed);
    this.#connection.succeeded();
    return renewed.value ? { type: 'renewed', term, sentAtMonotonicMs } : { type: 'lost', term, reason: 'taken_over' };
  }

  async #release(term: LeaderTerm, ending: TermEnd): Promise<void> {
    const connection = await this.#open();
    if (connection === null) return;
    const released = await releaseLease(connection, term, ending);
    if (!released.ok) this.#options.listener.onFault?.(released.error);
  }

  async #open(): Promise<Connection | null> {
    const opened = await this.#connection.open();
    if (opened.ok) return opened.value;
    this.#options.listener.onFault?.(opened.error);
    return null;
  }

  #unanswered({ error }: Extract<Result<never, Fault>, { ok: false }>): LeaseEvent {
    this.#options.listener.onFault?.(error);
    return { type: 'unanswered' };
  }
}
