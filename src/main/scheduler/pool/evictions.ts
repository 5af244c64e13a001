// The eviction pause of the pool (lifecycle §1): plans each sweep, and keeps the pause with its beginning.
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { EvictionPause, EvictionPauseState } from '../lifecycle/eviction-pause';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { planSweep, type SweepPlan } from '../lifecycle/sweep';
import type { NodeRegistry } from '../nodes/node-registry';

/** An eviction pause, with its beginning on the wall clock. */
export type DatedEvictionPause = EvictionPause & { readonly sinceWallMs: number };

export interface EvictionsOptions {
  readonly registry: NodeRegistry;
  readonly policy: LifecyclePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Evictions {
  readonly #options: EvictionsOptions;
  #pause: DatedEvictionPause | null = null;

  constructor(options: EvictionsOptions) {
    this.#options = options;
  }

  /** Null: evictions are not paused. */
  get pause(): DatedEvictionPause | null {
    return this.#pause;
  }

  /** The nodes with due deadlines, and the next state of the eviction pause. Changes nothing. */
  planSweep(pauseState: EvictionPauseState, nowMonotonicMs: number, graceUntilMonotonicMs: number): SweepPlan {
    const { registry, policy } = this.#options;
    const { deadlines: queue, live } = registry;
    return planSweep(
      { queue, pauseState, recordOf: (nodeId) => registry.get(nodeId), live, nowMonotonicMs, graceUntilMonotonicMs },
      policy,
    );
  }

  /** Returns whether the pause changed. Null: the pause ends. */
  set(pause: EvictionPause | null): boolean {
    const before = this.#pause;
    if (pause?.lost === before?.lost && pause?.of === before?.of) return false;
    const { clock, logger } = this.#options;
    this.#pause = pause === null ? null : { ...pause, sinceWallMs: before?.sinceWallMs ?? clock.wallMs() };
    if (before === null && pause !== null) logger.log('warn', 'mass_heartbeat_loss', { lost: pause.lost, of: pause.of });
    return true;
  }
}
