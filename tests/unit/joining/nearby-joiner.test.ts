// Searching pools for a page of the app: for 60 s after the last call. Attempts: tests/integration/nearby.test.ts.
import { expect, test } from 'vitest';
import type { NearbyPools } from '../../../src/main/joining/core/found-pools';
import { NearbyJoiner } from '../../../src/main/joining/nearby-joiner';
import { silentLogger } from '../../../src/main/platform/logger';
import { ManualClock } from '../../support/manual-clock';

const LAB = { id: '00ff', name: 'lab', port: 7080, addresses: ['192.168.1.20', 'fe80::1'], seenAtMonotonicMs: 0 };

function setUp() {
  const clock = new ManualClock();
  const browsers: { publish: (pools: NearbyPools) => void; isStopped: boolean }[] = [];
  const joiner = new NearbyJoiner({
    claims: () => ({ name: 'bench', gpus: [], roles: ['node'] }),
    keep: () => undefined,
    clock,
    logger: silentLogger,
    browse: (_clock, onChange) => {
      const browser = { publish: onChange, isStopped: false };
      browsers.push(browser);
      return {
        pools: [],
        stop: () => {
          browser.isStopped = true;
          return Promise.resolve();
        },
      };
    },
  });
  return { clock, browsers, joiner };
}

test('browse: pools with their first address; 60 s after the last call the search ends', () => {
  const { clock, browsers, joiner } = setUp();
  expect(joiner.view()).toEqual({ is_browsing: false, pools: [], attempt: null });
  joiner.browse();
  browsers[0]?.publish([LAB, { ...LAB, id: '01', addresses: [] }]);
  expect(joiner.view()).toEqual({
    is_browsing: true,
    pools: [{ id: '00ff', name: 'lab', address: '192.168.1.20', port: 7080 }],
    attempt: null,
  });
  clock.advance(59_000);
  joiner.browse();
  clock.advance(59_000);
  expect([browsers.length, joiner.view().is_browsing]).toEqual([1, true]);
  clock.advance(1000);
  expect([browsers[0]?.isStopped, joiner.view()]).toEqual([true, { is_browsing: false, pools: [], attempt: null }]);
  browsers[0]?.publish([LAB]);
  expect(joiner.view().pools).toEqual([]);
  joiner.browse();
  expect([browsers.length, joiner.view().is_browsing]).toEqual([2, true]);
});

test('join: unknown pool -> NOT_FOUND; confirm without digits -> INVALID_STATE; cancel without an attempt -> nothing', () => {
  const { browsers, joiner } = setUp();
  joiner.browse();
  browsers[0]?.publish([LAB, { ...LAB, id: '01', addresses: [] }]);
  for (const id of ['02', '01'])
    expect(joiner.join(id)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', details: { pool_id: id } } });
  expect(joiner.confirm(true)).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });
  joiner.cancel();
  expect(joiner.view().attempt).toBeNull();
});
