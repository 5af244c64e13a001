// Joins a pool of this network for a person at the app: searches while a page shows the pools, runs one attempt at a time, and hands over
// the pool when both people confirmed. The stages are the state `nearby` (src/shared/api/nearby.ts).
import type { NearbyAttempt, NearbyOutcome, NearbyView } from '../../shared/api/nearby';
import { messageOfError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Done, NearbyPort } from '../contracts/ports';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { browsePools, type BrowsePools, type PoolBrowser } from './browse';
import type { NearbyPool, NearbyPools } from './core/found-pools';
import { JOIN_TIMEOUT_MS, type JoinClaims } from './core/join-messages';
import { type JoinedPool, joinedPoolOf } from './core/joined-pool';
import type { JoinerOutcome } from './core/joiner-machine';
import { type Attempt, joinAtPool } from './join-at-pool';
import type { JoinFault } from './join-client';

/** The page calls again while it is open. */
const BROWSE_MS = 60_000;

export interface NearbyJoinerOptions {
  /** What this computer says about itself. */
  readonly claims: () => JoinClaims;
  /** Keeps the pool and connects the agent to it. */
  readonly keep: (pool: JoinedPool) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: DNS-SD in the networks of this computer. */
  readonly browse?: BrowsePools;
}

type Stopper = () => void;

export class NearbyJoiner implements NearbyPort {
  readonly #options: NearbyJoinerOptions;
  readonly #listeners = new Set<(view: NearbyView) => void>();
  #pools: NearbyPools = [];
  #browser: PoolBrowser | null = null;
  #browseTimer: Timer | null = null;
  #attempt: NearbyAttempt | null = null;
  /** Of the running attempt. */
  #abort: AbortController | null = null;
  /** While the person compares. */
  #answer: ((isSame: boolean) => void) | null = null;

  constructor(options: NearbyJoinerOptions) {
    this.#options = options;
  }

  view(): NearbyView {
    return { is_browsing: this.#browser !== null, pools: this.#pools.flatMap(shownPool), attempt: this.#attempt };
  }

  subscribe(listener: (view: NearbyView) => void): Stopper {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  browse(): void {
    const { clock, browse = browsePools } = this.#options;
    this.#browseTimer?.cancel();
    this.#browseTimer = clock.setTimer(BROWSE_MS, () => void this.#endBrowsing());
    if (this.#browser !== null) return;
    this.#browser = browse(clock, (pools) => {
      if (this.#browser === null) return;
      this.#pools = pools;
      this.#changed();
    });
    this.#pools = this.#browser.pools;
    this.#changed();
  }

  join(poolId: string): Done {
    if (this.#abort !== null) return failure('INVALID_STATE', { reason: 'join_in_progress' });
    const pool = this.#pools.find(({ id }) => id === poolId);
    if (pool === undefined || pool.addresses.length === 0) return failure('NOT_FOUND', { pool_id: poolId, reason: 'unknown_pool' });
    this.#abort = new AbortController();
    void this.#run(pool, this.#abort.signal);
    return ok(undefined);
  }

  confirm(isSame: boolean): Done {
    const answer = this.#answer;
    if (answer === null) return failure('INVALID_STATE', { reason: 'nothing_to_compare' });
    this.#answer = null;
    if (isSame) this.#show({ stage: 'waiting_for_host' });
    answer(isSame);
    return ok(undefined);
  }

  cancel(): void {
    this.#abort?.abort();
  }

  async stop(): Promise<void> {
    this.cancel();
    await this.#endBrowsing();
  }

  async #endBrowsing(): Promise<void> {
    this.#browseTimer?.cancel();
    const browser = this.#browser;
    if (browser === null) return;
    this.#browser = null;
    this.#pools = [];
    this.#changed();
    await browser.stop();
  }

  async #run(pool: NearbyPool, signal: AbortSignal): Promise<void> {
    const { clock, claims } = this.#options;
    const [first = ''] = pool.addresses;
    this.#attempt = { ...NOTHING_YET, pool_id: pool.id, pool_name: pool.name, address: first };
    this.#show({ expires_at: clock.wallMs() + JOIN_TIMEOUT_MS });
    const targets = pool.addresses.map((host) => ({ host, port: pool.port }));
    const end = await joinAtPool(
      { id: pool.id, pin: null, targets },
      {
        claims: claims(),
        clock,
        signal,
        onTarget: ({ host }) => {
          this.#show({ address: host, expires_at: clock.wallMs() + JOIN_TIMEOUT_MS });
        },
        isSame: (digits) =>
          new Promise((resolve) => {
            this.#answer = resolve;
            this.#show({ stage: 'comparing', digits });
          }),
      },
    );
    this.#answer = null;
    this.#abort = null;
    this.#end(end, signal.aborted);
  }

  #end(end: Result<Attempt, JoinFault>, isCancelled: boolean): void {
    if (!end.ok) this.#notJoined(isCancelled ? CANCELLED : faultShown(end.error));
    else {
      const { pin, target, outcome } = end.value;
      if (outcome.code === 'joined') this.#joined(joinedPoolOf({ pin, approval: outcome.approval, ...target }));
      else this.#notJoined(isCancelled ? CANCELLED : outcomeShown(outcome));
    }
  }

  #notJoined(shown: ShownEnd): void {
    this.#options.logger.log('info', 'pool_not_joined', { ...shown });
    this.#show({ ...ENDED, ...shown });
  }

  #joined(pool: JoinedPool): void {
    const { keep, logger } = this.#options;
    const { name, pin, port, addresses } = pool;
    logger.log('info', 'pool_joined', { pool_name: name, address: addresses[0], port, pin });
    try {
      keep(pool);
      this.#show({ ...ENDED, stage: 'joined', pool_name: name });
    } catch (error) {
      this.#show({ ...ENDED, outcome: 'failed', cause: messageOfError(error) });
    }
  }

  #show(change: Partial<NearbyAttempt>): void {
    if (this.#attempt === null) return;
    this.#attempt = { ...this.#attempt, ...change };
    this.#changed();
  }

  #changed(): void {
    const view = this.view();
    for (const listener of [...this.#listeners]) listener(view);
  }
}

const NOTHING_YET = {
  stage: 'connecting',
  digits: null,
  expires_at: null,
  outcome: null,
  cause: null,
  retry_after_seconds: null,
} satisfies Partial<NearbyAttempt>;
const ENDED = { stage: 'ended', digits: null, expires_at: null } satisfies Partial<NearbyAttempt>;

function shownPool({ addresses, seenAtMonotonicMs: _seen, ...pool }: NearbyPool): NearbyView['pools'] {
  const [address] = addresses;
  return address === undefined ? [] : [{ ...pool, address }];
}

interface ShownEnd {
  readonly outcome: NearbyOutcome;
  readonly cause?: string;
  readonly retry_after_seconds?: number;
}

const CANCELLED: ShownEnd = { outcome: 'cancelled' };

function faultShown(fault: JoinFault): ShownEnd {
  return fault.code === 'failed' ? { outcome: 'failed', cause: fault.cause } : { outcome: fault.code };
}

function outcomeShown(outcome: Exclude<JoinerOutcome, { readonly code: 'joined' }>): ShownEnd {
  return outcome.code === 'busy' ? { outcome: 'busy', retry_after_seconds: outcome.retryAfterSeconds } : { outcome: outcome.code };
}
