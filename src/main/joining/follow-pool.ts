// Keeps an agent with its pool when the pool moves to another address: while the agent is disconnected, tries the known addresses and
// those that DNS-SD offers for the same id. Only an address where the CA with the pin answers is used. Names decide nothing.
import type { AgentView } from '../../shared/api/agent-view';
import type { NodeErrorCode } from '../../shared/protocol/codes';
import type { SchedulerAddress } from '../contracts/ports';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { requestAuthority } from '../trust/first-contact';
import { browsePools, type BrowsePools, type PoolBrowser } from './browse';
import { type JoinedPool, poolUrlOf, withAddress } from './core/joined-pool';
import { poolIdOf } from './pool-id';

const SEARCH_INTERVAL_MS = 3000;
const CONTACT_TIMEOUT_MS = 3000;
/** The pool has not moved: its schedulers answer, and choose a leader. */
const NOT_LEADER = 'NOT_LEADER' satisfies NodeErrorCode;

export interface FollowPoolOptions {
  readonly agent: {
    view(): Pick<AgentView, 'link'>;
    subscribe(listener: (view: AgentView) => void): () => void;
    connectTo(address: SchedulerAddress): void;
  };
  readonly pool: JoinedPool;
  /** Other schedulers of the pool, as configured. Default: none. */
  readonly others?: readonly string[] | undefined;
  /** The pool was found at another address. */
  readonly onMoved: (pool: JoinedPool) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: DNS-SD in the networks of this computer. */
  readonly browse?: BrowsePools | undefined;
}

interface Candidate {
  readonly host: string;
  readonly port: number;
}

/** Connects the agent and follows the pool until `stop`. */
export class PoolFollower {
  readonly #options: FollowPoolOptions;
  readonly #unsubscribe: () => void;
  #pool: JoinedPool;
  #browser: PoolBrowser | null = null;
  #timer: Timer | null = null;
  #isStopped = false;

  constructor(options: FollowPoolOptions) {
    this.#options = options;
    this.#pool = options.pool;
    this.#connect();
    this.#unsubscribe = options.agent.subscribe(({ link }) => {
      if (link.state === 'reconnecting' && link.cause !== NOT_LEADER) this.#startSearch();
      else if (link.state === 'connected') void this.#endSearch();
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe();
    await this.#endSearch();
  }

  #connect(): void {
    const { addresses, port, pin, credential } = this.#pool;
    const { agent, others } = this.#options;
    agent.connectTo({ url: poolUrlOf(addresses[0] ?? '', port), joinToken: credential, pin, others });
  }

  #startSearch(): void {
    if (this.#browser !== null || this.#isStopped) return;
    const { clock, browse = browsePools } = this.#options;
    this.#browser = browse(clock, () => undefined);
    this.#searchLater();
  }

  async #endSearch(): Promise<void> {
    const browser = this.#browser;
    this.#browser = null;
    this.#timer?.cancel();
    await browser?.stop();
  }

  #searchLater(): void {
    this.#timer = this.#options.clock.setTimer(SEARCH_INTERVAL_MS, () => void this.#search());
  }

  async #search(): Promise<void> {
    const { agent, logger, onMoved } = this.#options;
    const found = await this.#firstAnswering();
    // The agent may have reached the pool meanwhile, and `stop` may have been called.
    if (this.#browser === null) return;
    // A try at the old address lasts 10 s when nothing answers there.
    if (found !== null && ['reconnecting', 'connecting'].includes(agent.view().link.state)) {
      this.#pool = withAddress(this.#pool, found.host, found.port);
      logger.log('info', 'pool_moved', { address: found.host, port: found.port });
      onMoved(this.#pool);
      this.#connect();
    }
    this.#searchLater();
  }

  /** The agent itself tries its present address, and the other schedulers that it knows. */
  async #firstAnswering(): Promise<Candidate | null> {
    const { addresses, port, pin } = this.#pool;
    const { link } = this.#options.agent.view();
    const ofAgent = link.state === 'idle' ? [] : [link.scheduler_url, ...(link.other_urls ?? [])];
    const tried = [poolUrlOf(addresses[0] ?? '', port), ...ofAgent];
    const announced = this.#browser?.pools.filter(({ id }) => id === poolIdOf(pin)) ?? [];
    const candidates: readonly Candidate[] = [
      ...announced.flatMap((pool) => pool.addresses.map((host) => ({ host, port: pool.port }))),
      ...addresses.map((host) => ({ host, port })),
    ].filter(({ host, port: other }) => !host.includes('%') && !tried.includes(poolUrlOf(host, other)));
    this.#options.logger.log('debug', 'pool_search', { announced: announced.length, candidates: candidates.length });
    const answers = await Promise.all(
      candidates.map(async (candidate) => {
        const ca = await requestAuthority({ ...candidate, pin }, { timeoutMs: CONTACT_TIMEOUT_MS });
        return ca.ok ? candidate : null;
      }),
    );
    return answers.find((candidate) => candidate !== null) ?? null;
  }
}
