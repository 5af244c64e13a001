// Attacks of nodes on the memory for their models, which is bounded for all nodes together (docs/protocol.md, section 1).
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeViewSchema } from '../../src/shared/api/node-view';
import { ghost, knownIds, refusalOf } from '../support/ghosts';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { readyNode } from '../support/job-pool';
import { schedulerOfTest } from '../support/scheduler-of-test';
import { heartbeat, TestNode } from '../support/test-node';

describe('memory for models', () => {
  const withModels = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ model_id: `${name}-${String(i)}-${'x'.repeat(20)}`, kind: 'llm' as const, version: '1' }));
  const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * q)] ?? 0;

  it('1,500 ghosts with 950 models of their own -> memory bounded; health check and heartbeats answered beside', async () => {
    const scheduler = await schedulerOfTest({ server: { maxNewNodesPerMinute: 100_000 } });
    const honest = await readyNode(scheduler.url, { node_id: 'honest' });
    global.gc?.();
    const before = process.memoryUsage().rss;
    let isDone = false;
    const [health, beats]: [number[], number[]] = [[], []];
    const timed = async (times: number[], work: () => Promise<unknown>): Promise<void> => {
      while (!isDone) {
        const startedAtMs = performance.now();
        await work();
        times.push(performance.now() - startedAtMs);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const beside = Promise.all([
      timed(health, async () => {
        expect((await sendRequest(scheduler.port, { path: '/healthz' })).status).toBe(200);
      }),
      timed(beats, async () => {
        honest.send(heartbeat('honest'));
        const handled = once(honest.socket, 'pong');
        honest.socket.ping();
        await handled;
      }),
    ]);
    for (let i = 0; i < 1500; i++)
      await ghost(scheduler, { node_id: `g-${String(i)}`, installed_models: withModels(`g-${String(i)}`, 950) });
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    isDone = true;
    await beside;
    process.stdout.write(
      `1,500 ghosts: RSS +${grown.toFixed(0)} MiB; /healthz p99 ${quantile(health, 0.99).toFixed(0)} ms; heartbeat p99 ${quantile(beats, 0.99).toFixed(0)} ms\n`,
    );
    expect(grown).toBeLessThan(300);
    // 100 ms on a quiet machine, where the attacker has a processor of its own.
    expect(quantile(health, 0.99)).toBeLessThan(1000);
    expect(quantile(beats, 0.99)).toBeLessThan(1000);
    expect(await knownIds(scheduler)).toContain('honest');
    expect(honest.received.some(({ type }) => type === 'node_error')).toBe(false);
  }, 300_000);

  it('memory used up by nodes that were ready -> new lists refused, a known node keeps its list', async () => {
    const scheduler = await schedulerOfTest({ scheduler: { maxProfileBytes: 100_000 } });
    const honest = await readyNode(scheduler.url, { node_id: 'honest' });
    await readyNode(scheduler.url, { node_id: 'large' }).then((node) => {
      node.send({ ...heartbeat('large'), installed_models: withModels('large', 110) });
      return node.settled();
    });
    expect(await refusalOf(scheduler, { node_id: 'late', installed_models: withModels('late', 50) })).toMatchObject({
      code: 'POOL_FULL',
      details: { field: 'installed_models' },
    });
    honest.send({ ...heartbeat('honest'), installed_models: withModels('honest', 50) });
    await honest.settled();
    const view = nodeViewSchema.parse((await sendRequest(scheduler.port, { path: '/api/v1/nodes/honest' })).json());
    expect([view.installed_models?.map(({ model_id: id }) => id), view.status]).toEqual([['llm-a'], 'ready']);
    expect(scheduler.log.of('limit_reached')).toEqual([{ limit: 'profile_bytes', from: '127.0.0.1', count: 1 }]);
    honest.close();
    await TestNode.registered(scheduler.url, { node_id: 'honest', node_token: honest.ack.node_token });
  });
});

it('waiting jobs with long requirements -> count as several in the limits of queue and key', async () => {
  const jobs = { maxQueued: 60, retentionSeconds: 60, maxFinished: 10, maxStorageMb: 100, keepAnswers: false };
  const { port } = await schedulerOfTest({ scheduler: { jobs } });
  const post = async (path: string, body: object, key: string) =>
    sendRequest(port, { method: 'POST', path, headers: bearer(key), body: JSON.stringify(body) });
  const key = z
    .object({ key: z.string() })
    .parse((await post('/api/v1/keys', { name: 'program', limits: { max_queued: 25 } }, OWNER_KEY)).json()).key;
  const outcomeOf = async (submitterKey: string, longModels: number): Promise<unknown> => {
    const models = Array.from({ length: longModels }, (_, i) => String(i).padEnd(256, 'x'));
    const task = { kind: 'command', model_id: 'absent', input: '' };
    const { status, text } = await post('/api/v1/jobs', { task, required_models: models }, submitterKey);
    return status === 202 ? status : (JSON.parse(text) as { error: unknown }).error;
  };
  expect([await outcomeOf(key, 63), await outcomeOf(key, 0)]).toEqual([202, 202]);
  expect(await outcomeOf(key, 63)).toMatchObject({ code: 'LIMIT_REACHED', details: { limit: 'queued', max: 25, found: 18 } });
  expect([await outcomeOf(OWNER_KEY, 63), await outcomeOf(OWNER_KEY, 63)]).toEqual([202, 202]);
  expect(await outcomeOf(OWNER_KEY, 63)).toMatchObject({ code: 'QUEUE_FULL', details: { limit: 60, queued: 52 } });
  expect([await outcomeOf(OWNER_KEY, 0), await outcomeOf(key, 0)]).toEqual([202, 202]);
});
