// Loads models for waiting jobs. `load-search.ts` finds which ones; this file keeps the loads that run, and those
// that failed or that the record of their node does not confirm yet.
import { backoffMs } from '../../../shared/backoff';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { ModelLoad } from '../dispatch/model-loads';
import { reportedState } from '../lifecycle/model-readiness';
import type { JobTable } from './job-table';
import { LoadSearch } from './load-search';
import type { NodePool } from './node-pool';
import { PeriodicSearch } from './periodic-search';

export interface ModelLoadsOptions {
  readonly table: Pick<JobTable, 'waiting'>;
  readonly pool: Pick<NodePool, 'record' | 'records' | 'now' | 'dispatcher' | 'modelControl' | 'jobs'>;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly logger: Logger;
}

/** In the unit of `checkWorkOf`: about 5 ms. */
const MAX_WORK_PER_TURN = 600_000;
const BACKOFF = { firstMs: 30_000, maxMs: 10 * 60 * 1000 };
/** An action that takes longer counts as failed: another node may load the model, while this node goes on. */
const MAX_ACT_MS = 3 * 60 * 1000;
/** A heartbeat shows a loaded model sooner. Until then no other node loads the model. */
const CONFIRMATION_MS = 20_000;
/** Loads without a confirmation that are kept. */
const MAX_UNCONFIRMED = 1000;

/** A load that failed, or that was reported as done while the model was not ready. */
interface UnconfirmedLoad {
  readonly nodeId: string;
  readonly modelId: string;
  readonly failures: number;
  readonly atMonotonicMs: number;
  readonly untilMonotonicMs: number;
}

/** Loads of one model that nodes failed before they left. */
interface DepartedFailures {
  readonly failures: number;
  /** The first one. */
  readonly sinceMonotonicMs: number;
  readonly untilMonotonicMs: number;
}

export class ModelLoads {
  readonly #options: ModelLoadsOptions;
  /** The models that are being loaded, and the nodes that load one. */
  readonly #loading = new Set<string>();
  readonly #acting = new Set<string>();
  /** The oldest comes first. */
  readonly #unconfirmed = new Map<string, UnconfirmedLoad>();
  /** By model. A node that leaves and joins again is a new one, so nodes that joined later wait as long as this node would. */
  readonly #departed = new Map<string, DepartedFailures>();
  /** Model -> until when its load may be confirmed, monotonic ms. */
  readonly #awaited = new Map<string, number>();
  readonly #search: PeriodicSearch;

  constructor(options: ModelLoadsOptions) {
    this.#options = options;
    const search = new LoadSearch({
      ...options,
      facts: {
        isLoading: (modelId) => this.#loading.has(modelId) || this.#awaited.has(modelId),
        isActing: (nodeId) => this.#acting.has(nodeId),
        isBackedOff: (nodeId, modelId) => this.#isBackedOff(nodeId, modelId),
        jobsOn: (nodeId, modelId) => options.pool.jobs?.liveOn(nodeId, modelId) ?? 0,
      },
      onFound: (load) => void this.#load(load),
    });
    this.#search = new PeriodicSearch({
      clock: options.clock,
      begin: () => {
        this.#forgetConfirmed();
        return options.table.waiting.size === 0 ? null : search.cycle();
      },
      maxWorkPerTurn: MAX_WORK_PER_TURN,
    });
  }

  start(): void {
    this.#search.start();
  }

  stop(): void {
    this.#search.stop();
  }

  #isBackedOff(nodeId: string, modelId: string): boolean {
    const nowMonotonicMs = this.#nowMonotonicMs();
    if ((this.#unconfirmed.get(keyOf(nodeId, modelId))?.untilMonotonicMs ?? -Infinity) > nowMonotonicMs) return true;
    const departed = this.#departed.get(modelId);
    const registeredAtMonotonicMs = this.#options.pool.record(nodeId)?.registeredAt.monotonicMs ?? -Infinity;
    return departed !== undefined && departed.untilMonotonicMs > nowMonotonicMs && registeredAtMonotonicMs >= departed.sinceMonotonicMs;
  }

  async #load({ nodeId, modelId, unload }: ModelLoad): Promise<void> {
    this.#options.logger.log('info', 'model_load_requested', { node_id: nodeId, model_id: modelId, unload });
    this.#loading.add(modelId);
    this.#acting.add(nodeId);
    const isLoaded = await this.#acts(nodeId, modelId, unload);
    this.#loading.delete(modelId);
    this.#acting.delete(nodeId);
    // A node can answer that the load is done, and stay cold. Only its record confirms the load.
    this.#addUnconfirmed(nodeId, modelId);
    if (isLoaded) this.#awaited.set(modelId, this.#nowMonotonicMs() + CONFIRMATION_MS);
    this.#forgetConfirmed();
  }

  #addUnconfirmed(nodeId: string, modelId: string): void {
    const key = keyOf(nodeId, modelId);
    const failures = (this.#unconfirmed.get(key)?.failures ?? 0) + 1;
    const atMonotonicMs = this.#nowMonotonicMs();
    const untilMonotonicMs = atMonotonicMs + backoffMs(BACKOFF, failures);
    // The oldest entry is forgotten: its load is tried once more.
    this.#unconfirmed.delete(key);
    this.#unconfirmed.set(key, { nodeId, modelId, failures, atMonotonicMs, untilMonotonicMs });
    const [oldest] = this.#unconfirmed.keys();
    if (this.#unconfirmed.size > MAX_UNCONFIRMED && oldest !== undefined) this.#unconfirmed.delete(oldest);
  }

  #forgetConfirmed(): void {
    for (const [key, { nodeId, modelId, atMonotonicMs }] of this.#unconfirmed) {
      const record = this.#options.pool.record(nodeId);
      if (record === undefined) this.#addDeparted(modelId, atMonotonicMs);
      if (record !== undefined && reportedState(record.profile, modelId) !== 'ready') continue;
      this.#unconfirmed.delete(key);
      if (record === undefined) continue;
      this.#awaited.delete(modelId);
      this.#departed.delete(modelId);
    }
    const nowMonotonicMs = this.#nowMonotonicMs();
    for (const [modelId, { untilMonotonicMs }] of this.#departed)
      if (untilMonotonicMs + BACKOFF.maxMs <= nowMonotonicMs) this.#departed.delete(modelId);
    for (const [modelId, untilMonotonicMs] of this.#awaited) if (untilMonotonicMs <= nowMonotonicMs) this.#awaited.delete(modelId);
  }

  #addDeparted(modelId: string, atMonotonicMs: number): void {
    const known = this.#departed.get(modelId);
    const failures = (known?.failures ?? 0) + 1;
    const untilMonotonicMs = atMonotonicMs + backoffMs(BACKOFF, failures);
    this.#departed.delete(modelId);
    this.#departed.set(modelId, { failures, sinceMonotonicMs: known?.sinceMonotonicMs ?? atMonotonicMs, untilMonotonicMs });
    const [oldest] = this.#departed.keys();
    if (this.#departed.size > MAX_UNCONFIRMED && oldest !== undefined) this.#departed.delete(oldest);
  }

  #nowMonotonicMs(): number {
    return this.#options.pool.now().monotonicMs;
  }

  /** Ends at the first action that is refused, fails or takes too long. */
  async #acts(nodeId: string, modelId: string, unload: readonly string[]): Promise<boolean> {
    const acts = [...unload.map((id) => ({ modelId: id, action: 'unload' as const })), { modelId, action: 'load' as const }];
    for (const act of acts) {
      const { modelControl } = this.#options.pool;
      const started = modelControl.start({ nodeId, ...act, isAutomatic: true });
      const end = started.ok ? await modelControl.within(started.value.ended, MAX_ACT_MS) : null;
      if (end?.ok !== true) return false;
    }
    return true;
  }
}

const keyOf = (nodeId: string, modelId: string): string => `${nodeId}\n${modelId}`;
