// The pool that AppApi shows: follows one pool, and adds to its state what the caller may do and how old the state is.
import type { PoolState } from '../../shared/api/app-state';
import type { CallerView } from '../../shared/api/members';
import type { NodeView, PoolEvent, PoolSummary } from '../../shared/api/node-view';
import { HOST_ACCESS, knownRights, type PoolAccess } from '../../shared/api/pool-access';
import type { Outcome } from '../../shared/api/app-api';
import { toClaim } from '../joining/core/join-messages';
import type { Clock } from '../platform/clock';
import type { AskPort, PoolPort, TrustPort } from '../contracts/ports';

/** A pool, and who this program is for it. */
export interface PoolSource {
  readonly pool: PoolPort;
  /** Null: this program does not manage who may use the pool. */
  readonly trust: TrustPort | null;
  /** Absent: a renderer over HTTP asks the OpenAI API of the scheduler itself, with its own key. */
  readonly asker?: AskPort;
  readonly access: PoolAccess['access'];
  /** Equal for each connection to the same pool: its last state stays until the next connection has one. */
  readonly key: string;
  /** Asked at each connection. Null: this program is the owner, and the name is not known. */
  readonly caller: (() => Promise<Outcome<CallerView>>) | null;
}

export type ShownPoolEvent =
  | { readonly type: 'snapshot'; readonly pool: PoolState; readonly nodes: NodeView[] }
  | { readonly type: 'pool'; readonly pool: PoolState }
  | Exclude<PoolEvent, { readonly type: 'snapshot' | 'pool_changed' }>;

/** Before the scheduler has answered: the host is the owner, a member has no right. */
const firstAccess = (access: PoolAccess['access']): PoolAccess =>
  access === 'host' ? HOST_ACCESS : { access, rights: [], name: null, lost_since: null };

export class ShownPool {
  readonly #source: PoolSource;
  readonly #clock: Clock;
  readonly #onEvent: (event: ShownPoolEvent) => void;
  readonly #unsubscribe: () => void;
  #access: PoolAccess;
  #summary: PoolSummary | null = null;
  #isClosed = false;

  constructor(source: PoolSource, clock: Clock, onEvent: (event: ShownPoolEvent) => void) {
    this.#source = source;
    this.#clock = clock;
    this.#onEvent = onEvent;
    this.#access = firstAccess(source.access);
    this.#unsubscribe = source.pool.subscribe(
      (event) => {
        this.#take(event);
      },
      (isConnected) => {
        this.#onConnection(isConnected);
      },
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
  }

  #take(event: PoolEvent): void {
    if (this.#isClosed) return;
    if (event.type === 'snapshot') {
      this.#summary = event.pool;
      this.#onEvent({ type: 'snapshot', pool: { ...event.pool, ...this.#access }, nodes: event.nodes });
    } else if (event.type === 'pool_changed') {
      this.#summary = event.pool;
      this.#publish();
    } else this.#onEvent(event);
  }

  #onConnection(isConnected: boolean): void {
    if (this.#isClosed) return;
    const since = this.#access.lost_since;
    this.#change({ lost_since: isConnected ? null : (since ?? this.#clock.wallMs()) });
    if (isConnected) void this.#askCaller();
  }

  async #askCaller(): Promise<void> {
    const caller = await this.#source.caller?.();
    if (caller?.ok !== true || this.#isClosed) return;
    const { rights = [], pool_name: claim = '' } = caller.value;
    // The scheduler of a joined pool may be that of a stranger.
    const name = toClaim(claim);
    this.#change(this.#source.access === 'host' ? { name } : { name, rights: knownRights(rights) });
  }

  #change(change: Partial<PoolAccess>): void {
    const access = { ...this.#access, ...change };
    if (JSON.stringify(access) === JSON.stringify(this.#access)) return;
    this.#access = access;
    this.#publish();
  }

  #publish(): void {
    if (this.#summary !== null) this.#onEvent({ type: 'pool', pool: { ...this.#summary, ...this.#access } });
  }
}
