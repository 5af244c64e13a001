import { expect, test } from 'vitest';
import { poolIdOf } from '../../../../src/main/joining/pool-id';
import { otherPools, poolIdOfPin } from '../../../../src/renderer/pages/pool/other-pools';
import { nearbyView } from '../../../fixtures/app-states/trust';

const PIN = `sha256-${'-_A9'.repeat(11).slice(0, 43)}`;

test('id of a pin: as the scheduler announces it', () => {
  expect(poolIdOfPin(PIN)).toBe(poolIdOf(PIN));
});

test('pools nearby: without the own one', () => {
  const { pools } = nearbyView();
  const own = { id: poolIdOf(PIN), name: 'Mine', address: '192.168.1.20', port: 7080 };
  expect(otherPools([own, ...pools], PIN)).toEqual(pools);
  expect(otherPools([own], null)).toEqual([own]);
});
