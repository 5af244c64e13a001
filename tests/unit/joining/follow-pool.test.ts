// When an agent searches its pool in the network: not while the schedulers of the pool answer (ADR 0053).
import { expect, test } from 'vitest';
import { PoolFollower } from '../../../src/main/joining/follow-pool';
import { silentLogger } from '../../../src/main/platform/logger';
import { FakeAgent } from '../../support/app-fakes';
import { ManualClock } from '../../support/manual-clock';

test.each([
  ['refused', 1],
  ['NOT_LEADER', 0],
])('connection lost, cause %s -> %i searches', async (cause, searches) => {
  const agent = new FakeAgent();
  let browsers = 0;
  const follower = new PoolFollower({
    agent,
    pool: {
      version: 1,
      name: 'p',
      pin: `sha256-${'A'.repeat(43)}`,
      port: 7080,
      addresses: ['10.0.0.1'],
      credential: 'mn_1',
      roles: ['node'],
    },
    onMoved: () => undefined,
    clock: new ManualClock(),
    logger: silentLogger,
    browse: () => {
      browsers++;
      return { pools: [], stop: () => Promise.resolve() };
    },
  });
  agent.change({ link: { state: 'reconnecting', scheduler_url: 'wss://10.0.0.1:7080', since: 1, attempt: 1, next_try_at: 2, cause } });
  await follower.stop();
  expect(browsers).toBe(searches);
});
