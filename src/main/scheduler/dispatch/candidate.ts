// A schedulable node in the index, and the orders of candidates: by load, then by comparison.
import type { NodeRecord } from '../lifecycle/node-record';
import type { Strategy } from './policy';
import { compareEquallyLoaded, compareSpeeds, loadFor, type Rank, type Speeds } from './ranking';
import type { SortedSet } from './sorted-set';

export interface Candidate {
  /** The newest record with this place in every set. */
  record: NodeRecord;
  readonly rank: Rank;
  readonly speeds: Speeds;
  /** The sets of this node besides the set of all nodes. Like the speeds, they follow from `record.profile` alone. */
  readonly sets: readonly CandidatePlaces[];
}

export type CandidateSet = SortedSet<Candidate>;
export type CandidatePlaces = Pick<CandidateSet, 'add' | 'delete' | 'replace' | 'size'> & Iterable<Candidate>;

export interface Order {
  readonly loadOf: (candidate: Candidate) => number;
  readonly compareTies: (a: Candidate, b: Candidate) => number;
}

export const byRank: Order = { loadOf: ({ rank }) => rank.load, compareTies: (a, b) => compareEquallyLoaded(a.rank, b.rank) };

/** For jobs on this model: its failures, and a load that it needs, count as jobs. Its reported speed decides between nodes with the same load, except in turn. */
export const orderFor = (modelId: string, strategy: Strategy): Order => ({
  loadOf: ({ rank, record }) => loadFor(rank, record, modelId, strategy),
  compareTies:
    strategy === 'round_robin' ? byRank.compareTies : (a, b) => compareSpeeds(a.speeds, b.speeds, modelId) || byRank.compareTies(a, b),
});
