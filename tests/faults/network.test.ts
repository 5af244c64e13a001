// Nodes and submitters behind a network that holds bytes back, cuts, resets, leaves peers half-open, delays and slices: every job
// ends once, and nothing is lost or run twice that need not be.
import { expect, test } from 'vitest';
import type { FaultPool } from '../support/faults/fault-pool';
import { useFaultPool } from '../support/faults/use-fault-pool';
import { until } from '../support/until';

const TIMEOUT_SECONDS = 2;

const pool = useFaultPool({ heartbeatTimeoutSeconds: TIMEOUT_SECONDS });

/** One node that runs a job for so long; the other is there for what it loses. */
async function running(lab: FaultPool, deed: string) {
  const [node, other] = lab.nodes;
  if (node === undefined || other === undefined) throw new Error('two nodes are needed');
  const name = lab.newName();
  const jobId = await lab.submitted({ name, deed });
  const isOn = (one: typeof node): boolean => one.runs().some((run) => run.name === name);
  await until('the job to run', () => isOn(node) || isOn(other), 10_000);
  return isOn(node) ? { node, other, jobId, name } : { node: other, other: node, jobId, name };
}

const offline = (lab: FaultPool, node: FaultPool['nodes'][number]) =>
  until(`${node.name} to be offline`, async () => (await lab.nodeView(node))?.status === 'offline', 10_000);

async function metric(lab: FaultPool, name: string): Promise<number> {
  const { text } = await lab.ask('GET', '/metrics');
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

test('a partition shorter than the heartbeat timeout moves no job, and its result comes when it heals', async () => {
  const lab = pool();
  const { node, jobId } = await running(lab, 'wait 300');
  const heldAtMs = performance.now();
  node.proxy.set({ isHeld: true });
  await until('three quarters of the timeout', () => performance.now() - heldAtMs > TIMEOUT_SECONDS * 600, 5000);
  expect(await lab.look(jobId)).toMatchObject({ status: 'running', attempt: 1 });
  node.proxy.heal();
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
});

test('a partition longer than it costs an attempt: the other node runs the job, and what comes late changes nothing and is acknowledged', async () => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 700');
  const heldAtMs = performance.now();
  node.proxy.set({ isHeld: true });
  await offline(lab, node);
  expect(performance.now() - heldAtMs).toBeGreaterThan((TIMEOUT_SECONDS - 0.6) * 1000);
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  node.proxy.heal();
  await until('the late result to be released', () => node.resultsLeft() === 0, 15_000);
  await lab.ready(2);
});

test('the late result of a lost attempt that comes while the next attempt runs does not end it', async () => {
  const lab = pool();
  const stale = await metric(lab, 'muster_stale_results_total');
  const { node, other, jobId, name } = await running(lab, 'wait 1800');
  node.proxy.set({ isHeld: true });
  await until('the next attempt', () => other.runs().some((run) => run.name === name), 10_000);
  node.proxy.heal();
  await until('the late result to be released', () => node.resultsLeft() === 0, 15_000);
  expect(await metric(lab, 'muster_stale_results_total')).toBeGreaterThan(stale);
  expect(await lab.look(jobId)).toMatchObject({ status: 'running', attempt: 2, node_id: other.nodeId });
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, result: { attempt: 2, node_id: other.nodeId } });
});

test.each(['up', 'down'] as const)(
  'when nothing passes %s any more, the node is offline in time and its job goes to the other',
  async (direction) => {
    const lab = pool();
    const { node, other, jobId } = await running(lab, 'wait 500');
    node.proxy.set({ isHeld: true }, [direction]);
    if (direction === 'up') {
      expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
    } else {
      // What the node says still arrives: its result counts, only the acknowledgement is missing.
      expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
      expect(node.resultsLeft()).toBe(1);
    }
    node.proxy.heal();
    await lab.ready(2);
  },
);

test('a peer whose host is gone without a word is given up after the heartbeat timeout, and one that the scheduler has lost comes back', async () => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 500');
  // The scheduler hears nothing; the node is told, and its new connection is held back, as that of a machine that has lost its network.
  node.proxy.set({ isHeld: true });
  node.proxy.loseFor('client');
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  node.proxy.heal();
  await lab.ready(2);
  // Now the other way: the scheduler is told, and the node comes back because its program is started again.
  const again = await running(lab, 'wait 60000');
  again.node.proxy.loseFor('server');
  await offline(lab, again.node);
  await again.node.agent.end('SIGKILL');
  again.node.startAgent();
  await lab.wire(again.other, 'job_accepted', again.jobId);
  await lab.ask('DELETE', `/api/v1/jobs/${again.jobId}`);
  await lab.ready(2);
});

test('a node whose process is stopped loses its job, and when it goes on its result is acknowledged and counted as stale', async () => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 300');
  node.agent.signal('SIGSTOP');
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  node.agent.signal('SIGCONT');
  await until('the late result to be released', () => node.resultsLeft() === 0, 15_000);
  await lab.ready(2);
});

test('a scheduler whose process is stopped for longer than the timeout loses no node and no job for it', async () => {
  const lab = pool();
  const { node, jobId } = await running(lab, 'wait 300');
  lab.scheduler.signal('SIGSTOP');
  const stoppedAtMs = performance.now();
  await until('twice the timeout', () => performance.now() - stoppedAtMs > TIMEOUT_SECONDS * 1500, 10_000);
  lab.scheduler.signal('SIGCONT');
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
  expect(lab.scheduler.lines.filter(({ event }) => event === 'heartbeat_timeout')).toEqual([]);
});

test('results that are told again and again are recorded once, each of them acknowledged', async () => {
  const lab = pool();
  for (let i = 0; i < 4; i++) {
    const { node, jobId } = await running(lab, 'wait 100');
    // The acknowledgement is lost with the connection, so the result is told over the next one.
    node.proxy.set({ isHeld: true }, ['down']);
    await lab.jobIs(jobId, 'succeeded');
    node.proxy.reset();
    node.proxy.heal();
    await until('the result to be released', () => node.resultsLeft() === 0, 15_000);
    await lab.ready(2);
  }
  expect(await metric(lab, 'muster_stale_results_total')).toBeGreaterThanOrEqual(4);
});

test('a network that resets in the middle of frames, delays and slices them loses nothing', async () => {
  const lab = pool();
  for (const node of lab.nodes) node.proxy.set({ latencyMs: 1, sliceBytes: 97 });
  lab.door.set({ latencyMs: 1, sliceBytes: 89 });
  const before = lab.events.length;
  const names = Array.from({ length: 12 }, () => lab.newName());
  const jobs = await Promise.all(names.map((name, i) => lab.submitted({ name, stream: i % 2 === 0, maxAttempts: 5 })));
  for (const node of lab.nodes) {
    await lab.wire(node, 'job_assign', null, before);
    node.proxy.reset();
    node.proxy.heal();
  }
  lab.door.heal();
  for (const jobId of jobs) await lab.jobIs(jobId, 'succeeded');
});

test('a submitter whose answer is lost asks again with its key and has one job', async () => {
  const lab = pool();
  const name = lab.newName();
  const before = await lab.storedCount();
  const acceptedBefore = lab.accepted.size;
  for (const [fault, outcome] of [
    ['reset', 'lost'],
    ['cut', 'answered'],
  ] as const) {
    const wish = { name, key: 'lost', deed: 'wait 200' };
    const answersBefore = lab.answerCount;
    lab.door.set({ isHeld: true }, ['down']);
    const lost = lab.submit(wish).then(
      () => 'answered',
      () => 'lost',
    );
    // The scheduler has handled this request, not only the one of an earlier round.
    await until('the answer to reach the proxy', () => lab.answerCount > answersBefore, 10_000);
    lab.door[fault]();
    lab.door.heal();
    // A FIN comes after the bytes that the proxy held back, an RST instead of them.
    expect(await lost).toBe(outcome);
    await lab.submit(wish);
  }
  expect(lab.accepted.size).toBe(acceptedBefore + 1);
  expect(await lab.storedCount()).toBe(before + 1);
});
