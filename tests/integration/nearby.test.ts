// Joining a pool of the network from the app, over real sockets: the app of the host and the app of the newcomer, both with real services.
// Only the search is a list, because there is no multicast on loopback (tests/integration/network-joining.test.ts has it).
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChoiceStore } from '../../src/main/app-api/app-choice';
import { AppService } from '../../src/main/app-api/app-service';
import { Membership } from '../../src/main/app-api/membership';
import { RememberedPools } from '../../src/main/app-api/remembered-pools';
import { createConnectionTester } from '../../src/main/scheduler-client/connection-test';
import { claimsOf } from '../../src/main/joining/core/own-claims';
import { NearbyJoiner } from '../../src/main/joining/nearby-joiner';
import { poolIdOf } from '../../src/main/joining/pool-id';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { PoolClient } from '../../src/main/scheduler-client/pool-client';
import { TrustClient } from '../../src/main/scheduler-client/trust-client';
import { pinOf } from '../../src/main/trust/verify-chain';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { appInfo, FakeHost, RecordingListener } from '../support/app-fakes';
import { OWNER_KEY } from '../support/http-api';
import { caOf, shared, type SharedScheduler } from '../support/shared-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
let scheduler: SharedScheduler;
let folder: string;
const stops: (() => unknown)[] = [];
beforeEach(async () => {
  scheduler = await shared();
  folder = mkdtempSync(path.join(tmpdir(), 'muster-nearby-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await scheduler.stop();
  rmSync(folder, { recursive: true });
});

const pin = (): string => pinOf(caOf(scheduler));
const announced = () => ({ id: poolIdOf(pin()), name: 'lab', port: scheduler.port, addresses: ['127.0.0.1'], seenAtMonotonicMs: 0 });

/** The app of the host: its scheduler is another process, so it uses HTTP. */
function openHost() {
  const options = { baseUrl: `http://127.0.0.1:${String(scheduler.port)}`, token: OWNER_KEY, clock: systemClock, logger: silentLogger };
  const app = new AppService({
    info: appInfo,
    clock: systemClock,
    logger: silentLogger,
    pool: new PoolClient(options),
    trust: new TrustClient(options),
    coalesceMs: 5,
  });
  const seen = new RecordingListener();
  app.subscribe(seen);
  stops.push(() => {
    app.close();
  });
  return { app, seen, request: () => until('a request', () => seen.state?.join_requests[0]) };
}

/** The app of the newcomer. `pools`: what its search finds. */
async function openNewcomer(pools = [announced()]) {
  const clock = bench().clock;
  const [agent, host, store] = [await bench().open(), new FakeHost(), new ChoiceStore(path.join(folder, 'app.json'), silentLogger)];
  const membership = new Membership({
    agent,
    host,
    store,
    first: { mode: 'none' },
    remembered: new RememberedPools(path.join(folder, 'pools.json'), silentLogger),
    readOwnerKey: () => Promise.resolve(null),
    testConnection: createConnectionTester(),
    clock,
    logger: silentLogger,
    // A pool that moved is not announced here: only the known addresses are tried.
    browse: () => ({ pools: [], stop: () => Promise.resolve() }),
  });
  const nearby = new NearbyJoiner({
    claims: () => claimsOf(agent.view()),
    keep: (pool) => {
      membership.adopt(pool);
    },
    clock: systemClock,
    logger: silentLogger,
    browse: () => ({ pools, stop: () => Promise.resolve() }),
  });
  const app = new AppService({ info: appInfo, clock: systemClock, logger: silentLogger, agent, host, membership, nearby, coalesceMs: 5 });
  const seen = new RecordingListener();
  app.subscribe(seen);
  await Promise.all([agent.start(), membership.restore()]);
  const stop = async (): Promise<void> => {
    await Promise.all([nearby.stop(), membership.stop()]);
    app.close();
    await agent.stop({ timeoutMs: 0 });
  };
  stops.push(stop);
  const attempt = () => seen.state?.nearby?.attempt ?? null;
  return {
    app,
    agent,
    host,
    store,
    membership,
    seen,
    stop,
    join: async () => {
      await app.call('nearby.browse', {});
      return app.call('nearby.join', { pool_id: pools[0]?.id ?? '' });
    },
    at: (stage: string) => until(`the stage ${stage}`, () => (attempt()?.stage === stage ? attempt() : null)),
  };
}

const confirm = { same: true };

describe('joining nearby', () => {
  it('both confirm -> joined; the host sees the request come, change and go; pool kept for the owner alone', async () => {
    const [host, newcomer] = [openHost(), await openNewcomer()];
    expect(await newcomer.join()).toEqual({ ok: true, value: {} });
    const comparing = await newcomer.at('comparing');
    const request = await host.request();
    expect(request).toMatchObject({ name: 'test machine', digits: comparing?.digits, approved: false, confirmed: false });
    expect(comparing).toMatchObject({ pool_name: 'lab', address: '127.0.0.1', outcome: null });
    expect(await newcomer.app.call('nearby.join', { pool_id: announced().id })).toMatchObject({ error: { code: 'INVALID_STATE' } });

    await newcomer.app.call('nearby.confirm', confirm);
    await newcomer.at('waiting_for_host');
    await until('the confirmation', () => host.seen.state?.join_requests[0]?.confirmed);
    expect(await host.app.call('join_requests.approve', { id: request.id })).toMatchObject({ ok: true });
    expect(await newcomer.at('joined')).toMatchObject({ digits: null, expires_at: null, outcome: null });
    await until('no request', () => host.seen.state?.join_requests.length === 0);
    await linkIs(newcomer.agent, 'connected');
    expect(await host.app.call('members.list', {})).toMatchObject({ value: { members: [{ name: 'test machine', connected: true }] } });
    expect(statSync(path.join(folder, 'app.json')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(newcomer.seen.messages)).not.toMatch(/mn_[\w-]{20}/);
  });

  it('restart -> the pool is kept, and the renewed credential is used', async () => {
    const [host, first] = [openHost(), await openNewcomer()];
    await first.join();
    await first.at('comparing');
    await host.app.call('join_requests.approve', { id: (await host.request()).id });
    await first.app.call('nearby.confirm', confirm);
    await linkIs(first.agent, 'connected');
    await first.stop();
    const second = await openNewcomer();
    await linkIs(second.agent, 'connected');
    expect(await host.app.call('members.list', {})).toMatchObject({ value: { members: [{ connected: true }] } });
  });

  it('own pool stays until the new one works', async () => {
    const [host, newcomer] = [openHost(), await openNewcomer()];
    await newcomer.membership.host({ scope: 'this_computer' });
    await newcomer.join();
    await newcomer.at('comparing');
    await newcomer.app.call('nearby.confirm', confirm);
    expect(newcomer.host.calls).toEqual([['start', 'this_computer']]);
    await host.app.call('join_requests.approve', { id: (await host.request()).id });
    await linkIs(newcomer.agent, 'connected');
    await until('the own pool to stop', () => newcomer.host.calls.length === 2);
    expect(newcomer.host.calls[1]).toEqual(['stop']);
  });

  it('pool at another address -> found by its CA, the new address kept', async () => {
    const [host, newcomer] = [openHost(), await openNewcomer()];
    await newcomer.join();
    await newcomer.at('comparing');
    await host.app.call('join_requests.approve', { id: (await host.request()).id });
    await newcomer.app.call('nearby.confirm', confirm);
    await linkIs(newcomer.agent, 'connected');
    await newcomer.stop();
    const kept = await newcomer.store.load();
    if (kept?.mode !== 'joined_pool') throw new Error('not kept');
    newcomer.store.save({ ...kept, pool: { ...kept.pool, addresses: ['::1', '127.0.0.1'] } });

    const moved = await openNewcomer();
    await until(
      'the pool to be found',
      () => {
        if (moved.agent.view().link.state !== 'connected') bench().clock.advance(1000);
        return moved.agent.view().link.state === 'connected';
      },
      20_000,
    );
    expect(await moved.store.load()).toMatchObject({ pool: { addresses: ['127.0.0.1', '::1'] } });
  }, 30_000);
});

describe('not joined: nothing kept', () => {
  it.each<[string, (host: ReturnType<typeof openHost>, newcomer: Awaited<ReturnType<typeof openNewcomer>>) => Promise<unknown>, string]>([
    ['denied by the host', async (host) => host.app.call('join_requests.deny', { id: (await host.request()).id }), 'denied'],
    ['other digits at the host', (_host, { app }) => app.call('nearby.confirm', { same: false }), 'different'],
    ['cancelled while comparing', (_host, { app }) => app.call('nearby.cancel', {}), 'cancelled'],
    [
      'connection lost',
      () => {
        scheduler.clock.advance(120_000);
        return Promise.resolve();
      },
      'closed',
    ],
    [
      'cancelled after the own confirmation',
      async (_host, { app }) => {
        await app.call('nearby.confirm', confirm);
        return app.call('nearby.cancel', {});
      },
      'cancelled',
    ],
  ])('%s', async (_what, act, outcome) => {
    const [host, newcomer] = [openHost(), await openNewcomer()];
    await newcomer.join();
    await newcomer.at('comparing');
    await host.request();
    await act(host, newcomer);
    expect(await newcomer.at('ended')).toMatchObject({ outcome, digits: null, expires_at: null });
    await until('no request', () => host.seen.state?.join_requests.length === 0);
    expect([await newcomer.store.load(), newcomer.agent.view().link.state]).toEqual([null, 'idle']);
    expect(await host.app.call('members.list', {})).toEqual({ ok: true, value: { members: [] } });
    expect(await newcomer.join()).toMatchObject({ ok: true });
  });

  it('another pool at the address -> not_the_pool, no request', async () => {
    const other = await openNewcomer([{ ...announced(), id: '0123456789abcdef' }]);
    await other.join();
    expect(await other.at('ended')).toMatchObject({ outcome: 'not_the_pool' });
    expect(openHost().seen.state?.join_requests ?? []).toEqual([]);
  });

  it('nothing listens -> failed with the cause', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve((server.address() as { port: number }).port);
      });
    });
    await new Promise((resolve) => server.close(resolve));
    const newcomer = await openNewcomer([{ ...announced(), port }]);
    await newcomer.join();
    expect(await newcomer.at('ended')).toMatchObject({ outcome: 'failed', cause: 'ECONNREFUSED' });
  });

  it('4th attempt in 2 minutes -> busy with the seconds to wait', async () => {
    const newcomer = await openNewcomer();
    for (let attempt = 0; attempt < 3; attempt++) {
      await newcomer.join();
      await newcomer.at('comparing');
      await newcomer.app.call('nearby.cancel', {});
      await newcomer.at('ended');
    }
    await newcomer.join();
    expect(
      await until('busy', () => (newcomer.seen.state?.nearby?.attempt?.outcome === 'busy' ? newcomer.seen.state.nearby.attempt : null)),
    ).toMatchObject({
      retry_after_seconds: 120,
    });
  });
});
