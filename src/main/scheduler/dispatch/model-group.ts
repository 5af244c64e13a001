// The candidates on which a model takes the same tasks. With the strategy `predicted` nodes that ran the model are in classes of equal rates,
// for a choice by predicted time (ADR 0024). All others are in rank order. A node that ran the model and should run it as a trial is in both.
import type { TakenTasks } from '../../../shared/protocol/task-kinds';
import { hasRates, isTrialDue } from '../lifecycle/model-rates';
import type { Candidate, CandidateSet } from './candidate';
import { orderFor } from './candidate';
import type { Strategy } from './policy';
import { RateClasses } from './prediction/rate-classes';
import { SortedSet } from './sorted-set';

export class ModelGroup {
  readonly taken: TakenTasks;
  readonly untried: CandidateSet;
  readonly tried: RateClasses<Candidate>;
  readonly #modelId: string;
  readonly #isPredicted: boolean;

  constructor(modelId: string, taken: TakenTasks, strategy: Strategy) {
    const { loadOf, compareTies } = orderFor(modelId, strategy);
    this.taken = taken;
    this.untried = new SortedSet(loadOf, compareTies);
    this.tried = new RateClasses(modelId);
    this.#modelId = modelId;
    this.#isPredicted = strategy === 'predicted';
  }

  /** A node that is in both places counts twice. */
  get size(): number {
    return this.untried.size + this.tried.size;
  }

  /** In no particular order. */
  *[Symbol.iterator](): IterableIterator<Candidate> {
    for (const candidate of this.untried) if (!this.#isTried(candidate)) yield candidate;
    yield* this.tried;
  }

  add(candidate: Candidate): void {
    for (const place of this.#placesOf(candidate)) place.add(candidate);
  }

  delete(candidate: Candidate): void {
    for (const place of this.#placesOf(candidate)) place.delete(candidate);
  }

  replace(candidate: Candidate, by: Candidate): void {
    this.delete(candidate);
    this.add(by);
  }

  /** Follows from the record alone, so a candidate is removed from the places to which it was added. */
  #placesOf(candidate: Candidate): readonly Pick<CandidateSet, 'add' | 'delete'>[] {
    if (!this.#isTried(candidate)) return [this.untried];
    return isTrialDue(candidate.record.rates, this.#modelId) ? [this.tried, this.untried] : [this.tried];
  }

  #isTried({ record }: Candidate): boolean {
    return this.#isPredicted && hasRates(record.rates, this.#modelId);
  }
}
