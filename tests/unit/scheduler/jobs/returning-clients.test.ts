// Jobs whose clients wait at replicas of a cluster: they go on when the scheduler changes (ADR 0056).
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { JobEvent, JobView } from '../../../../src/shared/api/job';
import { chatOutput } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { accepted, assigned, HEARTBEAT_TIMEOUT_MS, nodeOf } from '../../../support/job-world-acts';
import type { ScriptedNode } from '../../../support/scripted-node';

const REQUEST = { interactive: true };

/** An interactive job runs on `node-a`, then the scheduler dies and another one starts. */
async function taken(): Promise<{ readonly world: JobWorld; readonly node: ScriptedNode; readonly jobId: string }> {
  const { world, node, jobId } = await assigned(REQUEST, { clientsReturn: true });
  node.deliver();
  await world.advance(1000);
  await world.crash();
  return { world, node, jobId };
}

const statusOf = async (world: JobWorld, jobId: string) => {
  const view = await world.view(jobId);
  return { status: view?.status, error: view?.error?.code, message: view?.error?.message };
};

it('the client returns and the node names the job -> the job goes on, and the client gets its result', async () => {
  const { world, node, jobId } = await taken();
  expect(world.jobs.restart.claim(jobId)).not.toBeNull();
  const events: unknown[] = [];
  world.jobs.follow(jobId, (event) => events.push(event));
  await node.connect();
  await world.advance(HEARTBEAT_TIMEOUT_MS / 2);
  node.finishOne('success');
  node.deliver();
  expect(events.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } });
});

it('the client does not return within a grace period -> cancelled as after a restart', async () => {
  const { world, node, jobId } = await taken();
  await node.connect();
  await world.advance(HEARTBEAT_TIMEOUT_MS - 1);
  expect(await statusOf(world, jobId)).toMatchObject({ status: 'running' });
  await world.advance(2);
  expect(await statusOf(world, jobId)).toEqual({ status: 'cancelled', error: 'cancelled', message: 'client_gone' });
  expect(world.jobs.restart.claim(jobId)).toBeNull();
});

it('the node returns without the job -> the job fails: no scheduler can read its task any more', async () => {
  const { world, node, jobId } = await taken();
  world.jobs.restart.claim(jobId);
  node.crash();
  await node.connect();
  await world.settle();
  expect(await statusOf(world, jobId)).toMatchObject({ status: 'failed', error: 'node_lost' });
});

it('a queued job is cancelled at once: its client sends the request again', async () => {
  const world = new JobWorld({ clientsReturn: true });
  const jobId = await accepted(world, REQUEST);
  await world.advance(1000);
  await world.crash();
  expect(world.jobs.restart.claim(jobId)).toBeNull();
  await world.settle();
  expect(await statusOf(world, jobId)).toEqual({ status: 'cancelled', error: 'cancelled', message: 'client_gone' });
});

/** An interactive job runs on `node-a`, then the scheduler dies: at once, before it has stored the job. */
async function unstored(afterMs = 0): Promise<{ readonly world: JobWorld; readonly node: ScriptedNode; readonly view: JobView }> {
  const world = new JobWorld({ clientsReturn: true });
  const node = nodeOf(world, 'node-a');
  await node.connect();
  await world.submit(REQUEST);
  node.receive();
  node.deliver();
  const event = world.clients.get(world.accepted[0] ?? '')?.at(-1);
  if (event?.type !== 'job') throw new Error('no job');
  await world.advance(afterMs);
  await world.crash();
  if (afterMs === 0) expect(await world.view(event.job.job_id)).toBeNull();
  return { world, node, view: event.job };
}

/** The node lives. */
async function graceEnds(world: JobWorld, node: ScriptedNode): Promise<void> {
  for (let passedMs = 0; passedMs <= HEARTBEAT_TIMEOUT_MS; passedMs += HEARTBEAT_TIMEOUT_MS / 3) {
    node.beat();
    node.deliver();
    await world.advance(HEARTBEAT_TIMEOUT_MS / 3);
  }
}

it.each([
  ['before its node registers', false],
  ['after its node has registered', true],
])('a job that was not stored is adopted %s -> it goes on, is stored, and its client gets the result', async (_when, isRegistered) => {
  const { world, node, view } = await unstored();
  if (isRegistered) await node.connect();
  expect(world.jobs.restart.adopt(view)).not.toBeNull();
  expect(world.jobs.restart.adopt(view)).toBeNull();
  const events: unknown[] = [];
  world.jobs.follow(view.job_id, (event) => events.push(event));
  await node.connect();
  await graceEnds(world, node);
  expect(await statusOf(world, view.job_id)).toMatchObject({ status: 'running' });
  expect(world.stored(view.job_id)).not.toBeNull();
  node.finishOne('success');
  node.deliver();
  expect(events.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } });
});

it('a job that was not stored, and that its node ends before its client returns -> the client gets the result', async () => {
  const { world, node, view } = await unstored();
  await node.connect();
  node.finishOne('success');
  for (let i = 0; i < 6; i++) node.deliver();
  await world.settle();
  node.receive();
  expect(node.unacknowledged.size).toBe(1);
  const goOn = world.jobs.restart.adopt(view);
  const events: unknown[] = [];
  world.jobs.follow(view.job_id, (event) => events.push(event));
  goOn?.();
  expect(events.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } });
  await graceEnds(world, node);
  node.receive();
  expect(world.stored(view.job_id)?.job.state.status).toBe('succeeded');
  expect(node.unacknowledged.size).toBe(0);
});

it('a job that was not stored, and that no client returns for -> its node stops it after the grace period', async () => {
  const { world, node, view } = await unstored();
  await node.connect();
  node.receive();
  expect([...node.running.keys()]).toEqual([view.job_id]);
  await graceEnds(world, node);
  node.receive();
  expect([...node.running.keys()]).toEqual([]);
  expect(world.jobs.restart.adopt(view)).toBeNull();
});

it.each<readonly [string, (found: Awaited<ReturnType<typeof unstored>>) => Promise<void> | void]>([
  [
    'its node ends it',
    ({ node }) => {
      node.finishOne('success');
      node.deliver();
    },
  ],
  [
    'its client returns, and its node ends it',
    ({ world, node, view }) => {
      world.jobs.restart.adopt(view);
      expect(world.scheduler.record('node-a')).toMatchObject({ assignedJobs: 1 });
      node.finishOne('success');
      node.deliver();
    },
  ],
  ['no client returns', ({ world, node }) => graceEnds(world, node)],
  [
    'its node registers without it',
    async ({ node }) => {
      node.crash();
      await node.connect();
    },
  ],
  ['its node is lost', ({ world }) => world.advance(3 * HEARTBEAT_TIMEOUT_MS)],
])('a job that was not stored uses a slot until %s', async (_when, ends) => {
  const found = await unstored();
  await found.node.connect();
  expect(found.world.scheduler.record('node-a')).toMatchObject({ assignedJobs: 1 });
  await found.node.connect();
  expect(found.world.scheduler.record('node-a')).toMatchObject({ assignedJobs: 1 });
  await ends(found);
  expect(found.world.scheduler.record('node-a')).toMatchObject({ assignedJobs: 0 });
});

it.each<readonly [string, number, (world: JobWorld, node: ScriptedNode) => Promise<void> | void]>([
  [
    'is quarantined',
    1,
    (world, node) => {
      world.scheduler.apply('node-a', { type: 'quarantine_requested', reason: null });
      for (let i = 0; i < 3; i++) node.receive();
    },
  ],
  [
    'restarts without the result',
    0,
    async (_world, node) => {
      node.crash();
      await node.connect();
    },
  ],
])(
  'a node with another job reports the end of a job, and %s before the client returns -> the client gets it',
  async (_what, kept, acts) => {
    const { world, node, jobId } = await taken();
    await node.connect();
    node.finishOne('success');
    for (let i = 0; i < 6; i++) node.deliver();
    await accepted(world);
    expect(world.scheduler.record('node-a')).toMatchObject({ assignedJobs: 1 });
    await acts(world, node);
    expect(node.unacknowledged.size).toBe(kept);
    const goOn = world.jobs.restart.claim(jobId);
    const events: unknown[] = [];
    world.jobs.follow(jobId, (event) => events.push(event));
    goOn?.();
    expect(events.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } });
  },
);

it('a job is stored on a node that was removed, and the node registers again with it -> it uses a slot', async () => {
  const { world, node } = await assigned(REQUEST, { clientsReturn: true });
  node.deliver();
  await world.advance(1000);
  node.sendRequest('node_unregister');
  await world.settle(false);
  await world.crash();
  await node.connect();
  expect(world.scheduler.record('node-a')).toMatchObject({ assignedJobs: 1 });
});

it.each<readonly [string, (node: ScriptedNode) => Promise<void>]>([
  [
    'that its node has lost',
    async (node) => {
      node.crash();
      await node.connect();
    },
  ],
  [
    'that its node named once, and not again',
    async (node) => {
      await node.connect();
      node.crash();
      await node.connect();
    },
  ],
])('a job that was not stored, and %s -> not adopted', async (_which, act) => {
  const { world, node, view } = await unstored();
  await act(node);
  expect(world.jobs.restart.adopt(view)).toBeNull();
});

/** The node has dropped the first chunks of its stream: it keeps the last ones. */
const LATER = { attempt: 1, seq: 500, data: { choices: [{ index: 0, delta: { content: 'more' } }] } };

it.each<readonly [string, boolean, boolean]>([
  ['its client has them -> goes on', true, true],
  ['its client has them, the job was not stored -> goes on', false, true],
  ['its client has nothing -> refused', true, false],
])('a long stream whose node does not have its first chunks any more, %s', async (_which, isStored, hasPart) => {
  const { world, node, view } = await unstored(isStored ? 1000 : 0);
  await node.connect();
  const { job_id: jobId } = view;
  world.jobs.nodes.chunk('node-a', { jobId, ...LATER });
  const goOn = isStored ? world.jobs.restart.claim(jobId, hasPart ? view : null) : world.jobs.restart.adopt(view);
  const events: JobEvent[] = [];
  world.jobs.follow(jobId, (event) => events.push(event));
  goOn?.();
  world.jobs.nodes.chunk('node-a', { jobId, ...LATER, seq: 501 });
  expect(events.flatMap((event) => (event.type === 'chunk' ? event.seq : []))).toEqual(hasPart ? [500, 501] : []);
  expect(await statusOf(world, jobId)).toMatchObject(hasPart ? { status: 'running' } : { status: 'failed', error: 'unreadable_answer' });
});

const MANY = 300;
const MOST_IN_ONE_TURN = 100;

it('many clients do not return -> their jobs end in turns of the event loop', async () => {
  const world = new JobWorld({ clientsReturn: true });
  for (let n = 0; n < MANY; n++) await accepted(world, REQUEST);
  await world.advance(1000);
  await world.crash();
  const ended = vi.spyOn(world.jobs.restart, 'enter').mock.calls;
  await world.advance(HEARTBEAT_TIMEOUT_MS + 1);
  let before = 0;
  while (before < MANY) {
    expect(ended.length - before).toBeLessThan(MOST_IN_ONE_TURN);
    before = ended.length;
    await nextTurn();
  }
});
