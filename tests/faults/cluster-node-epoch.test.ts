// A leader that was deposed and believes in its term: its machine was paused, and the clock of the machine with it. Its nodes refuse it.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { useClusterPools } from '../support/faults/use-cluster-pool';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requirePostgres();
const CLOCK = pathToFileURL(path.join(import.meta.dirname, '../support/faults/stopped-clock.ts')).href;
/** A lease, 12 s of silence, and a busy machine. */
const LIMIT_MS = 40_000;

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(`epochs at nodes${skipNote({ missing })}`, () => {
  const openPool = useClusterPools();

  test('deposed leader whose clock stood still -> it accepts the node, and the node refuses it', { timeout: 150_000 }, async () => {
    const pool = await openPool({ nodes: 1 });
    const next = await pool.leader();
    const [old] = pool.others(next);
    const [node] = pool.nodes;
    if (old === undefined || node === undefined) throw new Error('two members and a node');

    await pool.processOf(old).end();
    const paused = await pool.startMember(old, { NODE_OPTIONS: `--import ${CLOCK}` });
    await pool.processOf(next).end();
    expect(await pool.leader([old])).toBe(old);
    await pool.startMember(next);
    await pool.nodesReady();

    const stoppedMs = performance.now();
    // It cannot learn from the database that it was deposed, also later.
    old.databaseProxy.set({ isHeld: true });
    paused.signal('SIGSTOP');
    await until('the node to register with the next leader', () => pool.registeredSince(next, stoppedMs) === 1, LIMIT_MS);
    next.proxy.leadTo(null);
    next.proxy.reset();
    const lines = node.agent.lines.length;
    const wokenMs = performance.now();
    paused.signal('SIGCONT');
    const refused = await node.agent.line('older_leader_refused', {}, lines).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${pool.report()}`);
    });
    expect(refused).toMatchObject({ scheduler_url: `ws://127.0.0.1:${String(old.proxy.port)}` });
    expect(Number(refused['epoch'])).toBeLessThan(Number(refused['known_epoch']));
    expect(pool.sentBy(old, 'node_register_ack', wokenMs)).not.toEqual([]);

    next.proxy.leadTo(next.reserved.port);
    const healedMs = performance.now();
    await until('the node to be back', () => pool.registeredSince(next, healedMs) === 1, LIMIT_MS);
    expect(pool.sentBy(old, 'job_assign', wokenMs)).toEqual([]);
  });
});
