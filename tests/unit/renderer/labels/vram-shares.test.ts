import { describe, expect, test } from 'vitest';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { vramSharesOf } from '../../../../src/renderer/labels/vram-shares';

describe('VRAM in use: one unit, the one of the total, and parts that add up', () => {
  test.each([
    // total, pool, owners -> used, total, pool, owners
    [24, 0, 0, '0', '24 GB', '0 GB', '0 GB'],
    [24, 5.02, 2.6, '7.6', '24 GB', '5 GB', '2.6 GB'],
    // Each part rounded alone: 5.3 + 2.3 = 7.6, but the sum is 7.5.
    [24, 5.25, 2.25, '7.5', '24 GB', '5.2 GB', '2.3 GB'],
    [999.9, 400.04, 100.04, '500.1', '999.9 GB', '400.1 GB', '100 GB'],
    [1000, 400, 100, '0.5', '1 TB', '0.4 TB', '0.1 TB'],
    [1862.4, 547.4, 36, '0.58', '1.86 TB', '0.54 TB', '0.04 TB'],
    // Below a step of TB, and only the owners.
    [2020, 0, 3, '0', '2.02 TB', '0 TB', '0 TB'],
    [2020, 0, 1060, '1.06', '2.02 TB', '0 TB', '1.06 TB'],
    [38_214, 11_954.6, 4_310.2, '16.26', '38.21 TB', '11.95 TB', '4.31 TB'],
  ])('%f GB in all, pool %f, owners %f', (total, pool, owners, used, ofTotal, ofPool, ofOwners) => {
    const shares = vramSharesOf({ total, pool, owners }, createFormat('en'));
    expect(JSON.parse(JSON.stringify(shares).replaceAll('\u00a0', ' '))).toEqual({ used, total: ofTotal, pool: ofPool, owners: ofOwners });
  });

  test.each([
    [null, 3],
    [3, null],
  ])('a part is not reported -> nothing (%s, %s)', (pool, owners) => {
    expect(vramSharesOf({ total: 24, pool, owners }, createFormat('en'))).toBeNull();
  });
});
