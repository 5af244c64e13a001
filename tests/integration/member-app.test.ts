// The app of a computer that joins pools over real sockets with TLS: what it sees, and that no failure costs the membership of before.
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TRIAL_MS } from '../../src/main/app-api/pool-trial';
import { sendRequest } from '../support/http-api';
import { useAgentBench, linkIs } from '../support/agent-bench';
import { type MemberApp, type MemberAppOptions, openMemberApp, poolIs } from '../support/member-app';
import { type ReservedPort, reservePort } from '../support/reserved-port';
import { caOf, shared, type SharedScheduler } from '../support/shared-scheduler';
import { pinOf } from '../../src/main/trust/verify-chain';
import { CertificateClock, startTestScheduler, temporaryDir } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
let scheduler: SharedScheduler;
let reserved: ReservedPort;
let isStopped = false;
const stops: (() => unknown)[] = [];
beforeEach(async () => {
  reserved = await reservePort();
  isStopped = false;
  scheduler = await shared({ port: reserved.port });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  if (!isStopped) await scheduler.stop();
  reserved.release();
});

const pin = (of: SharedScheduler = scheduler): string => pinOf(caOf(of));
const linkTo = (key: string, of: SharedScheduler = scheduler, port = of.port): string =>
  `muster://127.0.0.1:${String(port)}/join#pin=${pin(of)}&key=${key}`;

async function open(options: Partial<MemberAppOptions> = {}): Promise<MemberApp> {
  const app = await openMemberApp({ agent: await bench().open(), folder: bench().folder, clock: bench().clock, ...options });
  stops.push(() => app.close());
  return app;
}

async function joined(): Promise<MemberApp> {
  const app = await open();
  expect(await app.api.call('join.connect', { address: linkTo(scheduler.invitation) })).toEqual({ ok: true, value: {} });
  await poolIs(app, 'the rights of the member', ({ rights }) => rights.length > 0);
  return app;
}

describe('a joined computer', () => {
  it('sees nodes, models, and its rights; operations without their right -> FORBIDDEN', async () => {
    const app = await joined();
    const pool = app.seen.state?.pool;
    expect(pool).toMatchObject({ access: 'member', lost_since: null });
    expect(pool?.rights).toEqual(['read_pool', 'read_session', 'read_nodes', 'read_models', 'read_jobs', 'be_a_node']);
    const own = await until('the own node', () => [...(app.seen.state?.nodes.values() ?? [])].find(({ name }) => name === 'test machine'));
    expect(own).toMatchObject({ node_id: app.agent.view().node_id });
    expect(await app.api.call('pool.node', { node_id: own.node_id })).toMatchObject({ ok: true });
    expect(await app.api.call('pool.models', {})).toMatchObject({ ok: true });
    expect(await app.api.call('pool.jobs', {})).toMatchObject({ ok: true, value: { jobs: [] } });
    for (const refused of [
      app.api.call('pool.drain', { node_id: own.node_id }),
      app.api.call('pool.remove', { node_id: own.node_id }),
      app.api.call('pool.explain', {}),
      app.api.call('pool.exclusions', {}),
      app.api.call('members.list', {}),
      app.api.call('invites.create', {}),
    ])
      expect(await refused).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    expect(await app.api.call('pools.list', {})).toMatchObject({
      value: {
        pools: [
          { kind: 'joined', name: pool?.name, pin: pin(), is_current: true },
          { kind: 'own', is_current: false },
        ],
      },
    });
    expect(JSON.stringify(app.seen.messages)).not.toMatch(/m[in]_/);
  });

  it('scheduler stops -> last state with the time of the loss; it returns -> connected, with its changes', async () => {
    const { dir, remove } = temporaryDir();
    stops.push(remove);
    const options = {
      server: { host: '0.0.0.0', allowedHosts: ['pool.example'], port: reserved.port },
      databaseFile: path.join(dir, 'data', 'scheduler.db'),
    };
    await scheduler.stop();
    isStopped = true;
    const first = await startTestScheduler({ ...options, clock: new CertificateClock() });
    const invite = await sendRequest(first.port, { method: 'POST', path: '/api/v1/invites', body: {} });
    const app = await open();
    const address = `muster://127.0.0.1:${String(first.port)}/join#pin=${pinOf(caOf(first))}&key=${(invite.json() as { key: string }).key}`;
    expect(await join(app, address)).toEqual({ ok: true, value: {} });
    await poolIs(app, 'the rights of the member', ({ rights }) => rights.length > 0);
    const nodes = app.seen.state?.nodes.size;
    await first.stop();
    const lost = await poolIs(app, 'the loss', ({ lost_since: since }) => since !== null);
    expect([lost.rights.length > 0, app.seen.state?.nodes.size]).toEqual([true, nodes]);
    const again = await startTestScheduler({ ...options, clock: new CertificateClock() });
    stops.push(() => again.stop());
    await poolIs(app, 'the connection', ({ lost_since: since }) => since === null);
  }, 20_000);

  it('agent registers again, so the credential changes -> the view goes on', async () => {
    const app = await joined();
    const before = app.agent.memberCredential();
    app.agent.connectTo(null);
    await linkIs(app.agent, 'idle');
    await app.membership.restore();
    await until('the new credential', () => app.agent.memberCredential() !== before);
    await poolIs(app, 'the rights', ({ rights, lost_since: since }) => rights.length > 0 && since === null);
    await until('its node', () => (app.seen.state?.nodes.size ?? 0) > 0);
  });
});

it('a member without a usable GPU is refused as a node, and sees and uses the pool', async () => {
  const app = await joined();
  app.agent.connectTo(null);
  await linkIs(app.agent, 'idle');
  await until('no pool', () => app.seen.state?.pool === null);
  bench().hardware.adapters = [];
  await app.agent.recheck();
  await app.membership.restore();
  expect(await linkIs(app.agent, 'refused')).toMatchObject({ code: 'NO_GPU_AVAILABLE' });
  await poolIs(app, 'the rights of the member', ({ access, rights }) => access === 'member' && rights.length > 0);
  expect(await app.api.call('pool.models', {})).toMatchObject({ ok: true });
});

/** Forwards to the scheduler until `end`, then closes each connection at once, also new ones. */
async function relay(port: number): Promise<{ readonly port: number; end(): void }> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server: Server = createServer((client) => {
    if (!isOpen) {
      client.destroy();
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.pipe(client);
  });
  const at = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
  });
  const end = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  stops.push(() => {
    end();
    server.close();
  });
  return { port: at, end };
}

type Attempt = (app: MemberApp, other: SharedScheduler) => Promise<unknown>;
const join = (app: MemberApp, address: string) => app.api.call('join.connect', { address });
const testFailed = (step: string, code?: string) => ({ reason: 'test_failed', step, ...(code === undefined ? {} : { code }) });

/** What is wrong, how the computer tries to join, and the details of `NOT_JOINED`. */
const FAILURES: readonly [string, Attempt, object][] = [
  [
    'dead address',
    async (app, other) => {
      const dead = await reservePort();
      stops.push(() => {
        dead.release();
      });
      return join(app, linkTo(other.invitation, other, dead.port));
    },
    testFailed('port', 'refused'),
  ],
  ['wrong key', (app, other) => join(app, linkTo('mi_wrong', other)), testFailed('token', 'unauthorized')],
  [
    'wrong pin',
    (app, other) => join(app, `muster://127.0.0.1:${String(other.port)}/join#pin=${pin(scheduler)}&key=${other.invitation}`),
    testFailed('http', 'not_the_pool'),
  ],
  [
    'plain address without a pin on TLS',
    (app, other) => join(app, `wss://127.0.0.1:${String(other.port)}`),
    testFailed('http', 'certificate_untrusted'),
  ],
  [
    'revoked invitation',
    async (app, other) => {
      const created = await sendRequest(other.port, { method: 'POST', path: '/api/v1/invites', body: {} });
      const { id, key } = created.json() as { id: string; key: string };
      await sendRequest(other.port, { method: 'DELETE', path: `/api/v1/invites/${id}` });
      return join(app, linkTo(key, other));
    },
    testFailed('token'),
  ],
  [
    'scheduler that dies after the test',
    async (app, other) => {
      const proxy = await relay(other.port);
      app.afterTest = () => {
        proxy.end();
      };
      const done = join(app, linkTo(other.invitation, other, proxy.port));
      await until('the first attempt to fail', () => {
        const { link } = app.agent.view();
        return link.state === 'reconnecting' && link.scheduler_url.endsWith(`:${String(proxy.port)}`);
      });
      bench().clock.advance(TRIAL_MS);
      return done;
    },
    { reason: 'timeout' },
  ],
];

describe.each(['joined pool', 'own pool'])('joining another pool from a %s', (present) => {
  it.each(FAILURES)('%s -> NOT_JOINED, the membership of before is kept, also after a restart', async (_what, attempt, details) => {
    const other = await shared();
    stops.push(() => other.stop());
    const app = present === 'joined pool' ? await joined() : await open({ first: { mode: 'host', scope: 'this_computer' } });
    const before = await app.store.load();
    expect(await attempt(app, other)).toMatchObject({ ok: false, error: { code: 'NOT_JOINED', details } });
    expect(await app.store.load()).toEqual(before);
    expect(app.host.calls.filter((call) => Array.isArray(call) && call[0] === 'stop')).toEqual([]);
    const back = present === 'joined pool' ? `wss://127.0.0.1:${String(scheduler.port)}` : 'ws://127.0.0.1:7080';
    await until('the link of before', () => {
      const { link } = app.agent.view();
      bench().clock.advance(100);
      return link.state !== 'idle' && link.scheduler_url === back;
    });
    if (present === 'joined pool') await linkIs(app.agent, 'connected');
  });
});

describe('two pools', () => {
  it('switch to the other and back with the kept keys; the one that was left can be forgotten', async () => {
    const other = await shared();
    stops.push(() => other.stop());
    const app = await joined();
    expect(await join(app, linkTo(other.invitation, other))).toEqual({ ok: true, value: {} });
    await poolIs(app, 'the other pool', ({ rights }) => rights.length > 0);
    const list = async () => (await app.api.call('pools.list', {})) as { value: { pools: { pool_id: string; pin: string | null }[] } };
    const first = (await list()).value.pools.find((each) => each.pin === pin())?.pool_id ?? '';
    expect(await app.api.call('pools.test', { pool_id: first })).toMatchObject({
      value: { steps: [{}, {}, {}, {}, { outcome: 'passed' }, {}] },
    });
    expect(await app.api.call('pools.switch', { pool_id: first })).toEqual({ ok: true, value: {} });
    await until('the link', () => app.agent.view().link.state === 'connected');
    // One member in each pool, although this computer came back.
    for (const each of [scheduler, other])
      expect(((await sendRequest(each.port, { path: '/api/v1/members' })).json() as { members: unknown[] }).members).toHaveLength(1);
    const second = (await list()).value.pools.find((each) => each.pin === pin(other))?.pool_id ?? '';
    expect(await app.api.call('pools.forget', { pool_id: first })).toMatchObject({ error: { code: 'INVALID_STATE' } });
    expect(await app.api.call('pools.forget', { pool_id: second })).toEqual({ ok: true, value: {} });
    expect((await list()).value.pools.map((each) => each.pin)).toEqual([pin(), null]);
  });

  it('member revoked while it switches back -> NOT_JOINED, the present pool is kept', async () => {
    const other = await shared();
    stops.push(() => other.stop());
    const app = await joined();
    expect(await join(app, linkTo(other.invitation, other))).toMatchObject({ ok: true });
    const { members } = (await sendRequest(scheduler.port, { path: '/api/v1/members' })).json() as { members: { id: string }[] };
    await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/members/${members[0]?.id ?? ''}` });
    const pools = (await app.api.call('pools.list', {})) as { value: { pools: { pool_id: string; pin: string | null }[] } };
    const first = pools.value.pools.find((each) => each.pin === pin())?.pool_id ?? '';
    expect(await app.api.call('pools.switch', { pool_id: first })).toMatchObject({
      error: { code: 'NOT_JOINED', details: { step: 'token' } },
    });
    expect(await app.store.load()).toMatchObject({ pool: { pin: pin(other) } });
    await linkIs(app.agent, 'connected');
  });
});
