// Jobs that wake a node, with the real pool and queue: faults of waking (ADR 0033).
import { describe, expect, it } from 'vitest';
import { WAKE_INTERVAL_MS, WAKE_TIMEOUT_MS } from '../../../../src/main/scheduler/lifecycle/node-wake';
import { jobViewSchema } from '../../../../src/shared/api/job';
import { Registry } from 'prom-client';
import { silentLogger } from '../../../../src/main/platform/logger';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { wakeRounds } from '../../../../src/main/scheduler/jobs/wake-rounds';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { DEFAULT_LIFECYCLE_POLICY } from '../../../../src/main/scheduler/lifecycle/policy';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { Dispatcher } from '../../../../src/main/scheduler/nodes/dispatcher';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { SchedulerStats } from '../../../../src/main/scheduler/nodes/scheduler-stats';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';
import { ManualClock } from '../../../support/manual-clock';
import { cpuMsOf } from '../../../support/turns';
import { aModel, aProfile, aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

const MAC = '02:00:00:00:00:0a';
const ROUND_MS = 2000;

/** `node-a` may be woken and sleeps. */
async function sleepingNode() {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  node.wakeMac = MAC;
  await node.connect();
  node.sleep();
  await world.settle();
  return { world, node };
}

describe('wake', () => {
  it('job that only the sleeping node could take -> one packet; the view names the node; it wakes -> the job', async () => {
    const { world, node } = await sleepingNode();
    const jobId = await accepted(world);
    expect((await world.view(jobId))?.waiting?.wake).toEqual({ node_id: 'node-a', since: null, seconds: null });
    await world.advance(ROUND_MS);
    expect(world.woken).toEqual([MAC]);
    const sentWallMs = world.clock.wallMs();
    expect((await world.view(jobId))?.waiting?.wake).toEqual({ node_id: 'node-a', since: sentWallMs, seconds: null });
    expect(world.scheduler.views.node('node-a')).toMatchObject({
      availability: { state: 'asleep' },
      wake: { waking_since: sentWallMs, ready_after_seconds: null },
    });
    expect(JSON.stringify([await world.view(jobId), world.scheduler.views.node('node-a')])).not.toContain(MAC);
    expect(jobViewSchema.safeParse(await world.view(jobId)).success).toBe(true);
    await world.advance(30_000);
    await node.connect();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-a' });
    expect(world.scheduler.views.node('node-a')?.wake).toEqual({ waking_since: null, ready_after_seconds: 30 });
    expect(world.woken).toHaveLength(1);
  });

  it('more jobs, also one that arrives while the node is waking -> one packet', async () => {
    const { world } = await sleepingNode();
    await accepted(world);
    await accepted(world, { priority: 5 });
    await world.advance(ROUND_MS);
    const late = await accepted(world, { maxAttempts: 1 });
    await world.advance(10 * ROUND_MS);
    expect(world.woken).toHaveLength(1);
    expect((await world.view(late))?.waiting?.wake).toMatchObject({ node_id: 'node-a' });
  });

  it('node never wakes -> the job waits with its reasons, one packet in each interval', async () => {
    const { world } = await sleepingNode();
    const jobId = await accepted(world);
    await world.advance(ROUND_MS + WAKE_TIMEOUT_MS);
    expect(await world.view(jobId)).toMatchObject({ status: 'queued', waiting: { reasons: { not_online: { count: 1 } } } });
    expect((await world.view(jobId))?.waiting?.wake).toBeUndefined();
    await world.advance(WAKE_INTERVAL_MS - WAKE_TIMEOUT_MS - 1);
    expect(world.woken).toHaveLength(1);
    await world.advance(2 * ROUND_MS);
    expect(world.woken).toHaveLength(2);
  });

  it('scheduler restarts while the node is waking -> asleep and waking as before, no second packet, then the job', async () => {
    const { world, node } = await sleepingNode();
    const jobId = await accepted(world);
    await world.advance(ROUND_MS);
    await world.scheduler.writeAllChanges();
    await world.crash(5000);
    expect(world.scheduler.views.node('node-a')).toMatchObject({ availability: { state: 'asleep' }, wake: { ready_after_seconds: null } });
    await world.advance(10 * ROUND_MS);
    expect((await world.view(jobId))?.waiting?.wake).toMatchObject({ node_id: 'node-a' });
    expect(world.woken).toHaveLength(1);
    await node.connect();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-a' });
  });

  it('another node is full, or a free one takes the job -> no packet', async () => {
    const { world } = await sleepingNode();
    await nodeOf(world, 'node-b').connect();
    for (let job = 0; job < 3; job++) await accepted(world);
    await world.advance(10 * ROUND_MS);
    expect(world.woken).toEqual([]);
  });

  it('owner does not allow it, or the node was drained -> no packet', async () => {
    const world = new JobWorld();
    await nodeOf(world, 'node-a').connect();
    nodeOf(world, 'node-a').sleep();
    nodeOf(world, 'node-b').wakeMac = MAC;
    await nodeOf(world, 'node-b').connect();
    world.scheduler.apply('node-b', { type: 'drain_requested', by: 'operator', reason: null, timeoutMs: null });
    nodeOf(world, 'node-b').sleep();
    await accepted(world);
    await world.advance(10 * ROUND_MS);
    expect(world.woken).toEqual([]);
  });
});

describe('many nodes', () => {
  const NODES = 10_000;
  const GROUPS = 100;
  const TURN_MS = 100;

  /** Each node has one of the models, and a job waits for each of them, and for a model that only the first node has. */
  function largePool() {
    const clock = new ManualClock();
    const now = () => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
    const registry = new NodeRegistry(DEFAULT_LIFECYCLE_POLICY, DEFAULT_DISPATCH_POLICY);
    const stats = new SchedulerStats(new Registry());
    const dispatcher = new Dispatcher(registry, { clock, logger: silentLogger, stats, startedAt: now() });
    for (let i = 0; i < NODES; i++) {
      const installedModels = [aModel({ modelId: `model-${String(i % GROUPS)}` }), ...(i === 0 ? [aModel({ modelId: 'rare' })] : [])];
      const profile = aProfile({ wakeMac: MAC, installedModels, capabilityState: null });
      const sleeps = { online: false, isAsleep: true, status: 'offline', reasonCode: 'asleep' } as const;
      registry.keep(null, aRecord({ nodeId: `node-${String(i)}`, profile, ...sleeps }));
    }
    const waiting = new WaitingJobs();
    const models = [...Array.from({ length: GROUPS }, (_, i) => `model-${String(i)}`), 'rare'];
    for (const [seq, model] of models.entries())
      waiting.add(aJob({ jobId: model, seq, requirements: { requiredModels: [model], public: true } }));
    const decided: string[] = [];
    const woken: string[] = [];
    const pool = {
      now,
      record: (nodeId: string) => registry.get(nodeId),
      availability: { nodesIn: () => [...registry.records()].map(({ nodeId }) => nodeId) },
      dispatcher: {
        nodeCount: NODES,
        nodeToWake: (job: Parameters<Dispatcher['nodeToWake']>[0]) => {
          decided.push(job.requiredModels.join());
          return dispatcher.nodeToWake(job);
        },
      },
      apply: (nodeId: string, event: NodeEvent) => {
        woken.push(nodeId);
        const previous = registry.get(nodeId) ?? null;
        registry.keep(previous, nodeTransition(previous, event, now(), DEFAULT_LIFECYCLE_POLICY)[0]);
      },
    };
    const wake = { send: () => Promise.resolve(null) };
    wakeRounds({ table: { waiting }, pool, wake, clock, logger: silentLogger }).start();
    return { clock, dispatcher, decided, woken };
  }

  it('each kind of job is decided once in a cycle, one in a turn -> a node for each, no turn of 50 ms', () => {
    const { clock, dispatcher, decided, woken } = largePool();
    const one = { requiredModels: ['rare'], public: true };
    expect(cpuMsOf(() => dispatcher.nodeToWake(one))).toBeLessThan(50);
    clock.advance(ROUND_MS);
    expect(decided).toHaveLength(1);
    for (let turn = 1; turn < GROUPS; turn++) {
      const before = decided.length;
      clock.advance(TURN_MS);
      expect(decided.length - before).toBeLessThanOrEqual(1);
    }
    clock.advance(5 * TURN_MS);
    expect(new Set(decided).size).toBe(decided.length);
    expect(decided).toHaveLength(GROUPS + 1);
    // The first node is woken for its first model, and has the rare one too.
    expect(new Set(woken).size).toBe(GROUPS);
    expect(woken).toHaveLength(GROUPS);
  });
});
