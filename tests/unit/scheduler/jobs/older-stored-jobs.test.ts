// Interactive jobs whose stored record is older than what their clients and nodes know, when the scheduler changes: they are written behind
// (ADR 0019), and their clients wait at replicas of a cluster (ADR 0056).
import { expect, it } from 'vitest';
import type { JobView } from '../../../../src/shared/api/job';
import { chatOutput } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { accepted, assigned, HEARTBEAT_TIMEOUT_MS, nodeOf } from '../../../support/job-world-acts';
import type { ScriptedNode } from '../../../support/scripted-node';

const REQUEST = { interactive: true };
const WRITTEN_MS = 1000;

interface Left {
  readonly world: JobWorld;
  readonly node: ScriptedNode;
  readonly jobId: string;
  /** The job as its client knows it. */
  readonly view: JobView;
}

const lastOf = (world: JobWorld, jobId: string): JobView => {
  const event = world.clients.get(jobId)?.at(-1);
  if (event?.type !== 'job') throw new Error('no job');
  return event.job;
};

/** The node has got the job. The store does not have the assignment. Then another scheduler starts. */
async function unwritten(world: JobWorld, node: ScriptedNode, jobId: string): Promise<Left> {
  node.receive();
  node.deliver();
  const view = lastOf(world, jobId);
  await world.crash();
  return { world, node, jobId, view };
}

/** The job is stored as queued, and runs on `node-a`. */
async function queued(): Promise<Left> {
  const world = new JobWorld({ clientsReturn: true });
  const node = nodeOf(world, 'node-a');
  const jobId = await accepted(world, REQUEST);
  await world.advance(WRITTEN_MS);
  await node.connect();
  await world.settle(false);
  const left = await unwritten(world, node, jobId);
  expect([left.view.status, left.view.attempt]).toEqual(['running', 1]);
  expect(world.stored(jobId)?.job.state).toMatchObject({ status: 'queued', lastAttempt: 0 });
  return left;
}

/** The job is stored with an attempt on `node-a`, which did not get it. Its second one runs on `nodeId`. */
async function secondOn(nodeId: 'node-a' | 'node-b'): Promise<Left & { readonly first: ScriptedNode }> {
  const world = new JobWorld({ clientsReturn: true });
  const [first, node] = [nodeOf(world, 'node-a'), nodeOf(world, nodeId)];
  await first.connect();
  first.read(false);
  const jobId = await accepted(world, REQUEST);
  await world.advance(WRITTEN_MS);
  first.disconnect();
  await node.connect();
  await world.settle(false);
  const left = await unwritten(world, node, jobId);
  expect(left.view).toMatchObject({ status: 'running', attempt: 2, node_id: nodeId });
  expect(world.stored(jobId)?.job.state).toMatchObject({ status: 'assigned', lastAttempt: 1, attempts: [{ nodeId: 'node-a' }] });
  return { ...left, first };
}

/** The client returns, and follows its job. Returns the statuses and the output that it gets. */
function returns({ world, jobId, view }: Left): { readonly statuses: string[]; readonly outputs: unknown[] } {
  const [statuses, outputs]: [string[], unknown[]] = [[], []];
  const goOn = world.jobs.restart.claim(jobId, view);
  if (goOn === null) return { statuses: ['unknown'], outputs };
  world.jobs.follow(jobId, (event) => {
    if (event.type !== 'job') return;
    statuses.push(event.job.status);
    if (event.job.result !== null) outputs.push(event.job.result.output);
  });
  goOn();
  return { statuses, outputs };
}

function ends(node: ScriptedNode): void {
  node.finishOne('success');
  for (let i = 0; i < 3; i++) node.deliver();
}

/** The node lives until no client returns any more. */
async function graceEnds(world: JobWorld, ...nodes: readonly ScriptedNode[]): Promise<void> {
  for (let passedMs = 0; passedMs <= HEARTBEAT_TIMEOUT_MS; passedMs += HEARTBEAT_TIMEOUT_MS / 3) {
    for (const node of nodes) {
      node.beat();
      for (let i = 0; i < 3; i++) node.deliver();
    }
    await world.advance(HEARTBEAT_TIMEOUT_MS / 3);
    await world.settle();
    for (const node of nodes) for (let i = 0; i < 3; i++) node.receive();
  }
}

type Order = (left: Left) => Promise<ReturnType<typeof returns>>;
const ORDERS: readonly (readonly [string, Order])[] = [
  [
    'the client returns, the node registers and ends it',
    async (left) => {
      const got = returns(left);
      await left.node.connect();
      ends(left.node);
      return got;
    },
  ],
  [
    'the node registers, the client returns, the node ends it',
    async (left) => {
      await left.node.connect();
      const got = returns(left);
      ends(left.node);
      return got;
    },
  ],
  [
    'the node registers and ends it, the client returns',
    async (left) => {
      await left.node.connect();
      ends(left.node);
      return returns(left);
    },
  ],
  [
    'the node has ended it before it registers, the client returns',
    async (left) => {
      left.node.finishOne('success');
      await left.node.connect();
      for (let i = 0; i < 6; i++) left.node.deliver();
      return returns(left);
    },
  ],
];

const LEFT = [
  ['stored as queued', queued],
  ['stored with an earlier attempt on the same node', () => secondOn('node-a')],
  ['stored with an earlier attempt on another node', () => secondOn('node-b')],
] as const;

it.each(LEFT.flatMap(([stored, left]) => ORDERS.map(([order, act]) => [stored, order, left, act] as const)))(
  '%s; %s -> the client gets the result, which is stored and acknowledged',
  async (_stored, _order, left, act) => {
    const job = await left();
    const { world, node, jobId, view } = job;
    const got = await act(job);
    await world.settle();
    expect(got.statuses.at(-1)).toBe('succeeded');
    expect(got.outputs).toEqual([chatOutput(`${String(view.node_id)} ${String(view.attempt)}`)]);
    await graceEnds(world, node);
    expect(world.stored(jobId)?.job.state).toMatchObject({ status: 'succeeded', lastAttempt: view.attempt });
    expect([...node.unacknowledged.keys(), ...node.running.keys()]).toEqual([]);
    expect(world.scheduler.record(view.node_id ?? '')?.assignedJobs).toBe(0);
  },
);

it.each(LEFT)('%s; the node never comes -> the job fails after the grace period', async (_stored, left) => {
  const job = await left();
  const got = returns(job);
  await graceEnds(job.world);
  expect(got.statuses.at(-1)).toBe('failed');
  expect(job.world.stored(job.jobId)?.job.state).toMatchObject({ status: 'failed', error: { code: 'node_lost' } });
});

it.each(LEFT)('%s; the node registers without it -> the client does not wait', async (_stored, left) => {
  const job = await left();
  job.node.crash();
  await job.node.connect();
  expect(returns(job).statuses).toEqual(['unknown']);
});

it.each(LEFT)('%s; no client returns -> the job ends, and its node stops it', async (_stored, left) => {
  const { world, node, jobId } = await left();
  await node.connect();
  await graceEnds(world, node);
  expect(['cancelled', 'failed']).toContain(world.stored(jobId)?.job.state.status);
  expect([...node.running.keys()]).toEqual([]);
  await graceEnds(world, node);
  expect([...node.unacknowledged.keys()]).toEqual([]);
});

it('an earlier attempt that still runs elsewhere -> its node stops it when the client returns', async () => {
  const left = await secondOn('node-b');
  left.first.running.set(left.jobId, 1);
  await left.first.connect();
  await left.node.connect();
  const got = returns(left);
  for (let i = 0; i < 3; i++) left.first.receive();
  expect([...left.first.running.keys()]).toEqual([]);
  ends(left.node);
  expect(got.outputs).toEqual([chatOutput('node-b 2')]);
});

it('the client knows an older attempt than the store -> the stored one goes on', async () => {
  const { world, node, jobId } = await assigned(REQUEST, { clientsReturn: true });
  node.deliver();
  const view = lastOf(world, jobId);
  node.crash();
  await node.connect();
  await world.settle();
  node.receive();
  node.deliver();
  await world.advance(WRITTEN_MS);
  await world.crash();
  expect(world.stored(jobId)?.job.state).toMatchObject({ lastAttempt: 2 });
  await node.connect();
  const got = returns({ world, node, jobId, view });
  ends(node);
  expect(got.outputs).toEqual([chatOutput('node-a 2')]);
});

it('a stored job that has ended -> it stays so, whatever its client and its node say', async () => {
  const { world, node, jobId } = await assigned(REQUEST, { clientsReturn: true });
  node.deliver();
  const view = { ...lastOf(world, jobId), attempt: 2 };
  void world.jobs.cancel(jobId, 'requested');
  await world.settle();
  await world.crash();
  await node.connect();
  expect(returns({ world, node, jobId, view }).statuses).toEqual(['unknown']);
  ends(node);
  await world.settle();
  node.receive();
  expect(world.stored(jobId)?.job.state.status).toBe('cancelled');
  expect([...node.unacknowledged.keys()]).toEqual([]);
});

it('a queued job whose client has got nothing -> it ends at once, and its client sends the request again', async () => {
  const { world, jobId } = await queued();
  expect(world.jobs.restart.claim(jobId)).toBeNull();
  await world.advance(WRITTEN_MS);
  expect(world.stored(jobId)?.job.state.status).toBe('cancelled');
});

it.each(['cancel', 'follow'] as const)('another caller uses %s before the client returns -> the stored job is used', async (act) => {
  const left = await secondOn('node-b');
  const { world, jobId } = left;
  const events: unknown[] = [];
  if (act === 'follow') world.jobs.follow(jobId, (event) => events.push(event));
  else void world.jobs.cancel(jobId, 'requested');
  await world.settle();
  if (act === 'follow') expect(events).toMatchObject([{ job: { attempt: 1, status: 'assigned' } }]);
  else expect(world.stored(jobId)?.job.state.status).toBe('cancelled');
});

it('a durable job whose assignment is not stored -> no node has got it, and the next scheduler assigns it once', async () => {
  const world = new JobWorld({ clientsReturn: true });
  const node = nodeOf(world, 'node-a');
  const jobId = await accepted(world);
  world.setFull('everything');
  await node.connect();
  await world.settle();
  node.receive();
  expect(node.running.size).toBe(0);
  await world.crash();
  world.setFull('nothing');
  expect(world.stored(jobId)?.job.state).toMatchObject({ status: 'queued', lastAttempt: 0 });
  await node.connect();
  await world.settle();
  node.receive();
  expect([...node.running]).toEqual([[jobId, 1]]);
});
