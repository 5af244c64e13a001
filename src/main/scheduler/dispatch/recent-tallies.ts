// What was found for a need a moment ago: jobs that need the same and come in a crowd are told by it, so that only the first of
// them asks the whole pool.
import type { JobRequirements } from '../../../shared/api/dispatch';
import type { ExclusionTally } from './exclusion-aggregates';

const HOLDS_MS = 500;
/** Needs that are remembered at a time. */
const MAX_NEEDS = 32;

export class RecentTallies {
  readonly #tallies = new Map<string, { readonly tally: ExclusionTally; readonly atMs: number }>();

  /** `nowMs` monotonic. Null: nothing, or nothing new enough. */
  find(job: JobRequirements, nowMs: number): ExclusionTally | null {
    const known = this.#tallies.get(JSON.stringify(job));
    return known !== undefined && nowMs - known.atMs < HOLDS_MS ? known.tally : null;
  }

  keep(job: JobRequirements, tally: ExclusionTally, nowMs: number): void {
    const key = JSON.stringify(job);
    // The one kept longest ago comes first.
    this.#tallies.delete(key);
    this.#tallies.set(key, { tally, atMs: nowMs });
    for (const oldest of this.#tallies.keys()) {
      if (this.#tallies.size <= MAX_NEEDS) return;
      this.#tallies.delete(oldest);
    }
  }
}
