// The pools that a browser knows: by id, bounded, and forgotten when no answer comes any more. The library would keep them for hours.
import type { FoundPool, PoolOffer } from './dns-records';

const MAX_POOLS = 100;
/** Four questions without an answer. */
export const FORGET_AFTER_MS = 20_000;

export interface NearbyPool extends PoolOffer {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly seenAtMonotonicMs: number;
}

export type NearbyPools = readonly NearbyPool[];

/** An answer of one interface replaces the addresses that the same interface gave before; those of others follow. */
export function withAnswer(pools: NearbyPools, found: FoundPool, nowMonotonicMs: number): NearbyPools {
  const others = pools.filter(({ id }) => id !== found.id);
  if (found.isGone) return others.length === pools.length ? pools : others;
  if (others.length === pools.length && pools.length >= MAX_POOLS) return pools;
  const { isGone: _isGone, ...pool } = found;
  return [...others, { ...pool, seenAtMonotonicMs: nowMonotonicMs }].sort((one, other) => (one.id < other.id ? -1 : 1));
}

export const withoutExpired = (pools: NearbyPools, nowMonotonicMs: number): NearbyPools =>
  pools.filter(({ seenAtMonotonicMs }) => nowMonotonicMs - seenAtMonotonicMs < FORGET_AFTER_MS);

/** Without the times: whether a person would see a difference. */
export const isSamePools = (one: NearbyPools, other: NearbyPools): boolean => shownOf(one) === shownOf(other);

const shownOf = (pools: NearbyPools): string =>
  JSON.stringify(pools.map(({ id, name, port, addresses, gpus, models }) => [id, name, port, addresses, gpus, models]));
