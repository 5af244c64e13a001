import { expect, test } from 'vitest';
import { followHostedPool } from '../../../src/main/app-api/hosted-pool';
import type { PoolPort } from '../../../src/main/contracts/ports';
import { FakeHost, FakePool } from '../../support/app-fakes';
import { FakeTrust } from '../../support/trust-fakes';

function setUp() {
  const host = new FakeHost();
  const pools: (PoolPort | null)[] = [];
  const urls: string[] = [];
  const stop = followHostedPool({
    host,
    connect: (url) => {
      urls.push(url);
      return Promise.resolve({ pool: new FakePool(), trust: new FakeTrust() });
    },
    setPool: (pool) => pools.push(pool),
  });
  return { host, pools, urls, stop };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('hosted pool: set while running, kept during a restart, a new client for each run', async () => {
  const { host, pools, urls } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  await settled();
  host.change({ last_log_lines: ['a change that is none'] });
  await settled();
  expect([urls, pools.length]).toEqual([['http://127.0.0.1:1'], 2]);
  host.change({ state: 'restarting', url: null, since: 20 });
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 30 });
  await settled();
  host.change({ state: 'stopped', url: null, since: 40 });
  await settled();
  expect(urls).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:1']);
  expect(pools.map((pool) => pool !== null)).toEqual([false, true, true, false]);
});

test('hosted pool: run ends before the client exists -> no pool', async () => {
  const { host, pools } = setUp();
  host.change({ state: 'running', url: 'http://127.0.0.1:1', since: 10 });
  host.change({ state: 'failed', url: null, since: 20 });
  await settled();
  expect(pools).toEqual([null, null]);
});

test('hosted pool: unsubscribed -> changes are ignored', async () => {
  const { host, pools, stop } = setUp();
  stop();
  host.change({ state: 'running', url: 'http://127.0.0.1:1' });
  await settled();
  expect(pools).toEqual([null]);
});
