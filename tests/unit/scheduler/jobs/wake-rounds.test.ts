// Jobs that wake a node, with the real pool and queue: faults of waking (ADR 0033).
import { describe, expect, it } from 'vitest';
import { WAKE_INTERVAL_MS, WAKE_TIMEOUT_MS } from '../../../../src/main/scheduler/lifecycle/node-wake';
import { jobViewSchema } from '../../../../src/shared/api/job';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';

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
    expect(world.view(jobId)?.waiting?.wake).toEqual({ node_id: 'node-a', since: null, seconds: null });
    world.advance(ROUND_MS);
    expect(world.woken).toEqual([MAC]);
    const sentWallMs = world.clock.wallMs();
    expect(world.view(jobId)?.waiting?.wake).toEqual({ node_id: 'node-a', since: sentWallMs, seconds: null });
    expect(world.scheduler.views.node('node-a')).toMatchObject({
      availability: { state: 'asleep' },
      wake: { waking_since: sentWallMs, ready_after_seconds: null },
    });
    expect(JSON.stringify([world.view(jobId), world.scheduler.views.node('node-a')])).not.toContain(MAC);
    expect(jobViewSchema.safeParse(world.view(jobId)).success).toBe(true);
    world.advance(30_000);
    await node.connect();
    await world.settle();
    expect(world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-a' });
    expect(world.scheduler.views.node('node-a')?.wake).toEqual({ waking_since: null, ready_after_seconds: 30 });
    expect(world.woken).toHaveLength(1);
  });

  it('more jobs, also one that arrives while the node is waking -> one packet', async () => {
    const { world } = await sleepingNode();
    await accepted(world);
    await accepted(world, { priority: 5 });
    world.advance(ROUND_MS);
    const late = await accepted(world, { maxAttempts: 1 });
    world.advance(10 * ROUND_MS);
    expect(world.woken).toHaveLength(1);
    expect(world.view(late)?.waiting?.wake).toMatchObject({ node_id: 'node-a' });
  });

  it('node never wakes -> the job waits with its reasons, one packet in each interval', async () => {
    const { world } = await sleepingNode();
    const jobId = await accepted(world);
    world.advance(ROUND_MS + WAKE_TIMEOUT_MS);
    expect(world.view(jobId)).toMatchObject({ status: 'queued', waiting: { reasons: { status_not_ready: { count: 1 } } } });
    expect(world.view(jobId)?.waiting?.wake).toBeUndefined();
    world.advance(WAKE_INTERVAL_MS - WAKE_TIMEOUT_MS - 1);
    expect(world.woken).toHaveLength(1);
    world.advance(2 * ROUND_MS);
    expect(world.woken).toHaveLength(2);
  });

  it('scheduler restarts while the node is waking -> asleep and waking as before, no second packet, then the job', async () => {
    const { world, node } = await sleepingNode();
    const jobId = await accepted(world);
    world.advance(ROUND_MS);
    world.scheduler.writeChanges({ all: true });
    world.crash(5000);
    expect(world.scheduler.views.node('node-a')).toMatchObject({ availability: { state: 'asleep' }, wake: { ready_after_seconds: null } });
    world.advance(10 * ROUND_MS);
    expect(world.view(jobId)?.waiting?.wake).toMatchObject({ node_id: 'node-a' });
    expect(world.woken).toHaveLength(1);
    await node.connect();
    await world.settle();
    expect(world.view(jobId)).toMatchObject({ status: 'assigned', node_id: 'node-a' });
  });

  it('another node is full, or a free one takes the job -> no packet', async () => {
    const { world } = await sleepingNode();
    await nodeOf(world, 'node-b').connect();
    for (let job = 0; job < 3; job++) await accepted(world);
    world.advance(10 * ROUND_MS);
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
    world.advance(10 * ROUND_MS);
    expect(world.woken).toEqual([]);
  });
});
