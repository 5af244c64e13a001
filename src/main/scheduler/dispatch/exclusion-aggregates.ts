// Counts exclusions by reason: for one dispatch without a candidate, and for all of them since the last reset (lifecycle §3, Explaining).
import { type Exclusions, type Explanation, MAX_EXAMPLE_MODELS } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';

/** Count and up to 5 example nodes per reason: the `reasons` of the error `NO_AVAILABLE_NODE`. */
export type ExclusionTally = Explanation['reasons'];

/** Example nodes per reason. */
export const MAX_EXAMPLES = 5;

/** The last filters: a node that they exclude passes all others, and could run the job if it was idle. */
const BUSY: readonly ExclusionReason[] = ['vram_insufficient', 'capacity_exceeded', 'resource_threshold_exceeded'];

export const isBusy = (code: ExclusionReason): boolean => BUSY.includes(code);

/** Whether a node is excluded only because it is busy. */
export const isServedWhenIdle = (tally: ExclusionTally): boolean => BUSY.some((code) => tally[code] !== undefined);

interface Total {
  readonly count: number;
  readonly examples: readonly string[];
  readonly models: readonly string[];
}

const newestFirst = (newest: readonly string[], known: readonly string[] = [], most: number): readonly string[] =>
  [...new Set([...newest, ...known])].slice(0, most);

/** The number of reasons bounds the memory. */
export class ExclusionAggregates {
  #sinceWallMs: number;
  #reasons = new Map<ExclusionReason, Total>();

  constructor(sinceWallMs: number) {
    this.#sinceWallMs = sinceWallMs;
  }

  /** Examples of the newest dispatch come first; older ones fill the remaining places. `model`: null: the job names none. */
  add(tally: ExclusionTally, model: string | null): void {
    for (const [code, { count, examples }] of Object.entries(tally) as [ExclusionReason, { count: number; examples: string[] }][]) {
      const known = this.#reasons.get(code);
      this.#reasons.set(code, {
        count: (known?.count ?? 0) + count,
        examples: newestFirst(examples, known?.examples, MAX_EXAMPLES),
        models: newestFirst(model === null ? [] : [model], known?.models, MAX_EXAMPLE_MODELS),
      });
    }
  }

  view(): Exclusions {
    const reasons: Exclusions['reasons'] = {};
    for (const [code, { count, examples, models }] of this.#reasons)
      reasons[code] = { count, examples: [...examples], models: [...models] };
    return { since: this.#sinceWallMs, reasons };
  }

  reset(sinceWallMs: number): void {
    this.#sinceWallMs = sinceWallMs;
    this.#reasons = new Map();
  }
}
