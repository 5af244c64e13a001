// The VRAM in use of a pool with its parts, rounded so that they add up.
import type { PoolTotals } from '../../shared/api/pool-history';
import { type Format, memoryUnitOf } from '../i18n/format';

export interface VramShares {
  /** Without the unit, which `total` has. */
  readonly used: string;
  readonly total: string;
  readonly pool: string;
  readonly owners: string;
}

/**
 * All in the unit of the total. The sum and the part of the owners are rounded, and the part of the pool is the difference of the rounded
 * numbers. Null: a part is not reported.
 */
export function vramSharesOf({ total, pool, owners }: PoolTotals['vram_gb'], format: Format): VramShares | null {
  if (pool === null || owners === null) return null;
  const { name, gb: unitGb, digits } = memoryUnitOf(total);
  // Whole steps of the last digit, so that the difference is exact.
  const steps = 10 ** digits;
  const stepsOf = (gb: number): number => Math.round((gb / unitGb) * steps);
  const [used, ofOwners] = [stepsOf(pool + owners), stepsOf(owners)];
  const figure = (count: number): string => format.number(count / steps, digits);
  const amount = (count: number): string => `${figure(count)}\u00a0${name}`;
  return { used: figure(used), total: format.gb(total), pool: amount(used - ofOwners), owners: amount(ofOwners) };
}
