// A pool with as many nodes as the scheduler may know, each with many models. No answer stops the event loop for long.
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PoolEvent } from '../../src/shared/api/node-view';
import { OWNER_KEY } from '../support/http-api';
import { TestNode, registration } from '../support/test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from '../support/test-scheduler';
import { withTurns } from '../support/turns';
import { until } from '../support/until';
import { within } from '../support/within';

/** 50 ms on a quiet machine. CPU time doubles when other programs use the caches. */
const LONGEST_TURN_MS = 100;

/** Stores copies of one node, each with an id, a name and models of its own. */
async function stored(databaseFile: string, count: number, models: number): Promise<void> {
  const first = await startTestScheduler({ databaseFile });
  const installed = Array.from({ length: models }, (_, i) => ({ model_id: `model-${String(i)}-of-X`, kind: 'llm' as const, version: '1' }));
  await TestNode.registered(first.url, registration({ node_id: 'seed', name: 'node-X', installed_models: installed }));
  await first.stop();
  const database = new DatabaseSync(databaseFile);
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(count)})
    INSERT INTO nodes SELECT 'node-' || i, token_hash, created_at, replace(profile, '-X', '-' || i), status, reason_code, previous_status,
    since, drain, quarantine, 1, pause, tags, wake FROM nodes, n WHERE node_id = 'seed'`);
  database.close();
}

/** The characters of an answer that are read. A client that parses them would work in the thread of the scheduler. */
function charactersOf({ port }: TestScheduler, path: string, isWhole: (tail: string) => boolean): Promise<number> {
  const read = new Promise<number>((resolve, reject) => {
    let [characters, tail] = [0, ''];
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('data', (data) => {
      characters += data.length;
      tail = (tail + data.toString('latin1')).slice(-120);
      if (!isWhole(tail)) return;
      socket.destroy();
      resolve(characters);
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nAuthorization: Bearer ${OWNER_KEY}\r\n\r\n`);
  });
  return within(`the answer to GET ${path}`, read, 60_000);
}

describe.each([
  [10_000, 20],
  [2000, 950],
])('%i nodes with %i models of their own', (count, models) => {
  const folder = temporaryDir();
  let scheduler: TestScheduler;
  beforeAll(async () => {
    const databaseFile = `${folder.dir}/scheduler.db`;
    await stored(databaseFile, count, models);
    scheduler = await startTestScheduler({ databaseFile, scheduler: { maxNodes: 20_000, maxProfileBytes: 1e12 } });
  }, 300_000);
  afterAll(async () => {
    await scheduler.stop();
    folder.remove();
  });

  test.each([
    ['/v1/models', 30, /\]\}$/],
    ['/api/v1/nodes?limit=500', 500_000, /"next_cursor":"[^"]*"\}$/],
    ['/api/v1/events', count * 900, /\]\}\s*2\s+$/],
    ['/api/v1/models/nodes?model=model-1-', 20, /\]\}$/],
  ])(
    'GET %s -> event loop free',
    async (path, least, end) => {
      const { value, longestMs } = await withTurns(() => charactersOf(scheduler, path, (tail) => end.test(tail)));
      process.stdout.write(`${path}: ${String(value)} characters, longest turn ${longestMs.toFixed(1)} ms\n`);
      expect(value).toBeGreaterThan(least);
      expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
    },
    300_000,
  );

  test('models and events for this program -> event loop free', async () => {
    const events: PoolEvent[] = [];
    const { longestMs } = await withTurns(async () => {
      expect(await scheduler.pool.models()).toMatchObject({ ok: true });
      const stop = scheduler.pool.subscribe((event) => events.push(event));
      await until('the snapshot', () => (events.length > 0 ? true : undefined), 60_000);
      stop();
    });
    process.stdout.write(`in this program: longest turn ${longestMs.toFixed(1)} ms\n`);
    expect(events[0]?.type === 'snapshot' ? events[0].nodes.length : 0).toBe(count + 1);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  }, 300_000);

  test('explanation in groups with four dry runs -> event loop free', async () => {
    const explain = () =>
      scheduler.pool.explain({
        required_models: ['model-1-of-7'],
        public: true,
        node_limit: 10,
        grouped: true,
        what_if: [
          { kind: 'limits', gpu_percent: 80 },
          { kind: 'resumed', node_id: 'node-7' },
          { kind: 'installed', node_id: 'node-8' },
          { kind: 'loaded', node_id: 'node-9' },
        ],
      });
    const { value, longestMs } = await withTurns(explain);
    process.stdout.write(`explanation: longest turn ${longestMs.toFixed(1)} ms\n`);
    const { groups = [], what_if = [] } = value.ok ? value.value : {};
    expect([groups.reduce((sum, group) => sum + group.count, 0), what_if.length]).toEqual([count + 1, 4]);
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  }, 300_000);
});
