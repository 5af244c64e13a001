// The lease of the leader on a real PostgreSQL: schedulers that compete, die, stop and lose their connection.
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { LEASE_POLICY, type LeasePolicy } from '../../src/main/scheduler/cluster/core/lease';
import { LEASE_TIMEOUTS, LeaderLease } from '../../src/main/scheduler/cluster/leader-lease';
import { readTerms } from '../../src/main/scheduler/cluster/leader-terms';
import type { Connect } from '../../src/main/scheduler/database/postgres/connection';
import { fenceSql, type LeaderTerm } from '../../src/main/scheduler/database/postgres/core/leader-term';
import { buildClusterMember, ClusterMember } from '../support/cluster-member';
import { TcpProxy } from '../support/faults/tcp-proxy';
import { useMigratedPostgres } from '../support/migrated-postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { temporaryDir } from '../support/test-scheduler';
import { until } from '../support/until';

const { missing } = requirePostgres();

/** A seventh of the real times. */
const QUICK: LeasePolicy = { ttlMs: 1000, renewEveryMs: 250, giveUpAfterMs: 700, lookEveryMs: 40, standAsideMs: 1000 };

interface Event {
  readonly holder: string;
  /** `leader`, or why the term has ended. */
  readonly type: string;
  readonly epoch: number;
  readonly atMonotonicMs: number;
}

describe.skipIf(missing !== undefined)(`lease of the leader${skipNote({ missing })}`, () => {
  const postgres = useMigratedPostgres();
  let database = '';
  const folder = temporaryDir();
  let member = '';

  beforeAll(async () => {
    member = await buildClusterMember(folder.dir);
  });
  afterAll(() => {
    folder.remove();
  });

  const leases: LeaderLease[] = [];
  const members: ClusterMember[] = [];
  afterEach(async () => {
    for (const one of members.splice(0)) one.signal('SIGKILL');
    await Promise.all(leases.splice(0).map((one) => one.stop()));
  });

  const events: Event[] = [];
  const newDatabase = async (): Promise<void> => {
    events.length = 0;
    database = await postgres.newDatabase();
  };

  function startLease(holder: string, policy: LeasePolicy = QUICK, connect?: Connect, knownEpoch?: () => number): LeaderLease {
    const note = (type: string, { epoch }: LeaderTerm): void => {
      events.push({ holder, type, epoch, atMonotonicMs: performance.now() });
    };
    const lease = new LeaderLease({
      connect: connect ?? postgres.server.connect(postgres.server.target(database), LEASE_TIMEOUTS),
      holder,
      policy,
      clock: systemClock,
      ...(knownEpoch === undefined ? {} : { knownEpoch }),
      listener: {
        onLeader: (term) => {
          note('leader', term);
        },
        onDeposed: (term, reason) => {
          note(reason, term);
        },
      },
    });
    leases.push(lease);
    lease.start();
    return lease;
  }

  function startMember(holder: string, policy: LeasePolicy): ClusterMember {
    const started = new ClusterMember(member, { target: postgres.server.target(database), holder, policy });
    members.push(started);
    return started;
  }

  const leaderEvent = (holder: string, timeoutMs?: number): Promise<Event> =>
    until(`${holder} to lead`, () => events.find((event) => event.holder === holder && event.type === 'leader'), timeoutMs);

  test('three schedulers, each leader steps down -> never two at a time, each term with a higher epoch', async () => {
    await newDatabase();
    const all = ['a', 'b', 'c'].map((holder) => startLease(holder));
    let mostAtOnce = 0;
    for (let round = 0; round < 8; round++) {
      const leader = await until('one to lead', () => {
        const holding = all.filter((lease) => lease.isHeld());
        mostAtOnce = Math.max(mostAtOnce, holding.length);
        return holding[0];
      });
      await leader.stepDown();
    }
    expect(mostAtOnce).toBe(1);
    const terms = events.filter(({ type }) => type === 'leader');
    expect(terms.map(({ epoch }) => epoch)).toEqual(terms.map((_, index) => index + 1));
    expect(new Set(terms.map(({ holder }) => holder)).size).toBeGreaterThan(1);
    const ended = events.filter(({ type }) => type !== 'leader');
    expect(new Set(ended.map(({ type }) => type))).toEqual(new Set(['stepped_down']));
  });

  test('the leader steps down -> another leads at once', async () => {
    await newDatabase();
    const first = startLease('a', LEASE_POLICY);
    await leaderEvent('a');
    startLease('b', LEASE_POLICY);
    const beforeMs = performance.now();
    await first.stepDown();
    const { atMonotonicMs, epoch } = await leaderEvent('b');
    expect(atMonotonicMs - beforeMs).toBeLessThan(1000);
    expect(epoch).toBe(2);
    expect(first.isHeld()).toBe(false);
  });

  test('the leader is killed -> another leads within 8 s', async () => {
    await newDatabase();
    const first = startMember('a', LEASE_POLICY);
    await first.event('leader');
    startLease('b', LEASE_POLICY);
    // Right after a renewal, which is the longest wait.
    const expiry = 'SELECT expires_at::text AS at FROM leader';
    const before = await postgres.server.query(expiry, database);
    await until('a renewal', async () => (await postgres.server.query(expiry, database))[0]?.['at'] !== before[0]?.['at']);
    const killedMs = performance.now();
    first.signal('SIGKILL');
    const { atMonotonicMs, epoch } = await leaderEvent('b', 15_000);
    expect(epoch).toBe(2);
    expect(atMonotonicMs - killedMs).toBeGreaterThan(6000);
    expect(atMonotonicMs - killedMs).toBeLessThan(8000);
  });

  const termsNow = async () => {
    const connected = await postgres.server.connect(postgres.server.target(database))();
    if (!connected.ok) throw new Error(connected.error.reason);
    const terms = await readTerms(connected.value);
    connected.value.end();
    if (!terms.ok) throw new Error(terms.error.reason);
    return terms.value.map(({ epoch, name, end, began_at: began, ended_at: ended, is_current: isCurrent }) => ({
      ...{ epoch, name, end, isCurrent },
      lasted: ended === null ? null : ended >= began,
    }));
  };

  test('terms: who led, and why each one ended; of a version that writes none, the end of the term before is not known', async () => {
    await newDatabase();
    const first = startLease('a 1');
    await leaderEvent('a 1');
    expect(await termsNow()).toEqual([{ epoch: 1, name: 'a', end: null, isCurrent: true, lasted: null }]);
    await first.stepDown();
    await first.stop();
    const second = startLease('b 2');
    await leaderEvent('b 2');
    await second.stop();
    const unknown = { name: 'c', end: null, isCurrent: false, lasted: null };
    const inOrder = [
      { epoch: 2, name: 'b', end: 'stopped', isCurrent: false, lasted: true },
      { epoch: 1, name: 'a', end: 'step_down', isCurrent: false, lasted: true },
    ];
    expect(await termsNow()).toEqual(inOrder);
    const killed = startMember('c', QUICK);
    await killed.event('leader');
    killed.signal('SIGKILL');
    const fourth = startLease('d 4');
    await leaderEvent('d 4');
    const expired = { epoch: 3, name: 'c', end: 'expired', isCurrent: false, lasted: true };
    expect(await termsNow()).toEqual([{ epoch: 4, name: 'd', end: null, isCurrent: true, lasted: null }, expired, ...inOrder]);
    await fourth.stop();
    await postgres.server.query("UPDATE leader SET epoch = 90, holder = 'old', expires_at = '-infinity'", database);
    await postgres.server.query(
      'UPDATE leader_terms SET ended_at = NULL, ending = NULL WHERE epoch = 3; UPDATE leader_terms SET epoch = 88 WHERE epoch = 3',
      database,
    );
    startLease('e 5');
    await leaderEvent('e 5');
    expect(await termsNow()).toEqual([
      { epoch: 91, name: 'e', end: null, isCurrent: true, lasted: null },
      { ...unknown, epoch: 88 },
    ]);
  });

  test('a write transaction hangs -> the lease is renewed; a take-over waits for the transaction', async () => {
    await newDatabase();
    const lease = startLease('a');
    await leaderEvent('a');
    const { term } = lease;
    if (term === null) throw new Error('no term');
    const client = await postgres.server.client(database);
    onTestFinished(() => client.end());
    await client.query('BEGIN');
    expect((await client.query(fenceSql(term, 1))).rowCount).toBe(1);
    const expiry = (): Promise<unknown> =>
      postgres.server
        .query('SELECT (extract(epoch FROM expires_at) * 1000)::float8 AS at FROM leader', database)
        .then(([row]) => row?.['at']);
    const first = Number(await expiry());
    await until('renewals beyond the end of the first lease', async () => Number(await expiry()) > first + QUICK.ttlMs);
    expect(events.map(({ type }) => type)).toEqual(['leader']);
    // In the middle of its transaction the leader is gone: the fence holds until the transaction ends.
    await lease.stepDown();
    startLease('b');
    const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock' AND query LIKE '%UPDATE leader%'`;
    await until('the take-over to wait for the lock', async () => (await postgres.server.query(waits)).length > 0);
    expect(events.map(({ type }) => type)).toEqual(['leader', 'stepped_down']);
    await client.query('COMMIT');
    expect((await leaderEvent('b')).epoch).toBe(2);
  });

  test('stopped between fence and commit -> another leads 5 s after the expiry at the latest; after waking nothing is written', async () => {
    await newDatabase();
    const first = startMember('a', QUICK);
    await first.event('leader');
    first.command('pause-in-commit stopped');
    const beforeMs = performance.now();
    startLease('b');
    const { atMonotonicMs, epoch } = await leaderEvent('b', 15_000);
    expect(atMonotonicMs - beforeMs).toBeLessThan(QUICK.ttlMs + 5000 + 1000);
    first.signal('SIGCONT');
    expect(await first.event('deposed')).toMatchObject({ reason: 'lease_expired', epoch: 1 });
    expect(await first.event('written')).toMatchObject({ id: 'stopped', isStored: false });
    expect(await postgres.server.query('SELECT name FROM marks', database)).toEqual([]);
    expect(await postgres.server.query('SELECT epoch::int FROM leader', database)).toEqual([{ epoch }]);
  });

  test('no connection to the database -> the leader gives up by its own clock; with a connection it leads a new term', async () => {
    await newDatabase();
    const proxy = await TcpProxy.open();
    onTestFinished(() => proxy.close());
    proxy.leadTo(postgres.server.port);
    const lease = startLease('a', QUICK, postgres.server.connect(postgres.server.target(database, { port: proxy.port }), LEASE_TIMEOUTS));
    await leaderEvent('a');
    const cutMs = performance.now();
    proxy.set({ isHeld: true });
    const deposed = await until('the leader to give up', () => events.find(({ type }) => type === 'lease_expired'));
    expect(deposed.atMonotonicMs - cutMs).toBeLessThan(QUICK.giveUpAfterMs + 200);
    expect(lease.isHeld()).toBe(false);
    proxy.reset();
    proxy.heal();
    await until('a new term', () => events.filter(({ type }) => type === 'leader').length === 2);
    expect(events.at(-1)?.epoch).toBeGreaterThan(1);
  });

  test('the bus knows a higher epoch than a promoted standby -> the new term has a higher one', async () => {
    await newDatabase();
    startLease('a', QUICK, undefined, () => 7);
    expect((await leaderEvent('a')).epoch).toBe(8);
  });

  test('the bus knows an epoch that no cluster reaches -> forged: it does not use up the numbers', async () => {
    await newDatabase();
    startLease('a', QUICK, undefined, () => Number.MAX_SAFE_INTEGER);
    expect((await leaderEvent('a')).epoch).toBe(1);
  });

  test('another epoch in the database -> deposed at the next renewal', async () => {
    await newDatabase();
    startLease('a');
    await leaderEvent('a');
    await postgres.server.query("UPDATE leader SET epoch = 50, holder = 'b', expires_at = 'infinity'", database);
    await until('the end of the term', () => events.some(({ type }) => type === 'taken_over'));
  });
});
