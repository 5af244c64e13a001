// Nodes and submitters behind a network that holds bytes back, cuts, resets, leaves peers half-open, delays and slices. Every job
// ends once. No job is lost, and none runs twice without need.
import { expect, test } from 'vitest';
import type { FaultPool } from '../support/faults/fault-pool';
import { useFaultPool } from '../support/faults/use-fault-pool';
import { until } from '../support/until';

const TIMEOUT_SECONDS = 2;

const pool = useFaultPool({ heartbeatTimeoutSeconds: TIMEOUT_SECONDS });

/** A job of this length on one node. The other node is free for the jobs that the first one loses. */
async function running(lab: FaultPool, behaviour: string) {
  const [node, other] = lab.nodes;
  if (node === undefined || other === undefined) throw new Error('two nodes are needed');
  const name = lab.newName();
  const jobId = await lab.submitted({ name, behaviour });
  const isOn = (one: typeof node): boolean => one.runs().some((run) => run.name === name);
  await until('the job to run', () => isOn(node) || isOn(other), 10_000);
  return isOn(node) ? { node, other, jobId, name } : { node: other, other: node, jobId, name };
}

const offline = (lab: FaultPool, node: FaultPool['nodes'][number]) =>
  until(`${node.name} to be offline`, async () => (await lab.nodeView(node))?.status === 'offline', 10_000);

async function metric(lab: FaultPool, name: string): Promise<number> {
  const { text } = await lab.sendRequest('GET', '/metrics');
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

test('partition: shorter than the heartbeat timeout -> job stays, result arrives after the partition', async () => {
  const lab = pool();
  const { node, jobId } = await running(lab, 'wait 300');
  const heldAtMonotonicMs = performance.now();
  node.proxy.set({ isHeld: true });
  await until('three quarters of the timeout', () => performance.now() - heldAtMonotonicMs > TIMEOUT_SECONDS * 600, 5000);
  expect(await lab.readJob(jobId)).toMatchObject({ status: 'running', attempt: 1 });
  node.proxy.heal();
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
});

test('partition: longer than the heartbeat timeout -> other node runs the job, late result acknowledged and ignored', async () => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 700');
  const heldAtMonotonicMs = performance.now();
  node.proxy.set({ isHeld: true });
  await offline(lab, node);
  expect(performance.now() - heldAtMonotonicMs).toBeGreaterThan((TIMEOUT_SECONDS - 0.6) * 1000);
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  node.proxy.heal();
  await until('the late result file to be deleted', () => node.resultsLeft() === 0, 15_000);
  await lab.ready(2);
});

test('late result: of a lost attempt, next attempt running -> next attempt goes on', async () => {
  const lab = pool();
  const stale = await metric(lab, 'muster_stale_results_total');
  const { node, other, jobId, name } = await running(lab, 'wait 1800');
  node.proxy.set({ isHeld: true });
  await until('the next attempt', () => other.runs().some((run) => run.name === name), 10_000);
  node.proxy.heal();
  await until('the late result file to be deleted', () => node.resultsLeft() === 0, 15_000);
  expect(await metric(lab, 'muster_stale_results_total')).toBeGreaterThan(stale);
  expect(await lab.readJob(jobId)).toMatchObject({ status: 'running', attempt: 2, node_id: other.nodeId });
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, result: { attempt: 2, node_id: other.nodeId } });
});

test.each(['up', 'down'] as const)('one-way partition: %s held -> node offline in time, job ends', async (direction) => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 500');
  node.proxy.set({ isHeld: true }, [direction]);
  if (direction === 'up') {
    expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  } else {
    // Messages of the node still arrive: its result counts, and only the acknowledgement is missing.
    expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
    expect(node.resultsLeft()).toBe(1);
  }
  node.proxy.heal();
  await lab.ready(2);
});

test('half-open connection: only one side notices the end -> job requeued after the heartbeat timeout, node back', async () => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 500');
  // Only the node notices the end. Its new connection is held back, as on a machine without a network.
  node.proxy.set({ isHeld: true });
  node.proxy.endFor('client');
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  node.proxy.heal();
  await lab.ready(2);
  // Only the scheduler notices the end. The node returns because its program is restarted.
  const again = await running(lab, 'wait 60000');
  again.node.proxy.endFor('server');
  await offline(lab, again.node);
  await again.node.agent.end('SIGKILL');
  again.node.startAgent();
  await lab.wire(again.other, 'job_accepted', again.jobId);
  await lab.sendRequest('DELETE', `/api/v1/jobs/${again.jobId}`);
  await lab.ready(2);
});

test('node process stopped: longer than the heartbeat timeout -> job requeued, late result acknowledged and counted as stale', async () => {
  const lab = pool();
  const { node, other, jobId } = await running(lab, 'wait 300');
  node.agent.signal('SIGSTOP');
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2, node_id: other.nodeId });
  node.agent.signal('SIGCONT');
  await until('the late result file to be deleted', () => node.resultsLeft() === 0, 15_000);
  await lab.ready(2);
});

test('scheduler process stopped: longer than the heartbeat timeout -> no node and no job lost', async () => {
  const lab = pool();
  const { node, jobId } = await running(lab, 'wait 300');
  lab.scheduler.signal('SIGSTOP');
  const stoppedAtMonotonicMs = performance.now();
  await until('twice the timeout', () => performance.now() - stoppedAtMonotonicMs > TIMEOUT_SECONDS * 1500, 10_000);
  lab.scheduler.signal('SIGCONT');
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
  expect(lab.scheduler.lines.filter(({ event }) => event === 'heartbeat_timeout')).toEqual([]);
});

test('lost acknowledgements: results sent again -> recorded once, each acknowledged', async () => {
  const lab = pool();
  for (let i = 0; i < 4; i++) {
    const { node, jobId } = await running(lab, 'wait 100');
    // The acknowledgement is lost with the connection, so the node sends the result again on the next one.
    node.proxy.set({ isHeld: true }, ['down']);
    await lab.jobIs(jobId, 'succeeded');
    node.proxy.reset();
    node.proxy.heal();
    await until('the result file to be deleted', () => node.resultsLeft() === 0, 15_000);
    await lab.ready(2);
  }
  expect(await metric(lab, 'muster_stale_results_total')).toBeGreaterThanOrEqual(4);
});

test('slow network: delays, slices, resets in the middle of frames -> no job lost', async () => {
  const lab = pool();
  for (const node of lab.nodes) node.proxy.set({ latencyMs: 1, sliceBytes: 97 });
  lab.clientProxy.set({ latencyMs: 1, sliceBytes: 89 });
  const before = lab.events.length;
  const names = Array.from({ length: 12 }, () => lab.newName());
  const jobs = await Promise.all(names.map((name, i) => lab.submitted({ name, stream: i % 2 === 0, maxAttempts: 5 })));
  for (const node of lab.nodes) {
    await lab.wire(node, 'job_assign', null, before);
    node.proxy.reset();
    node.proxy.heal();
  }
  lab.clientProxy.heal();
  for (const jobId of jobs) await lab.jobIs(jobId, 'succeeded');
});

test('lost answer: client repeats the request with its key -> one job', async () => {
  const lab = pool();
  const name = lab.newName();
  const before = await lab.storedCount();
  const acceptedBefore = lab.accepted.size;
  for (const [fault, outcome] of [
    ['reset', 'lost'],
    ['cut', 'answered'],
  ] as const) {
    const request = { name, key: 'lost', behaviour: 'wait 200' };
    const answersBefore = lab.answerCount;
    lab.clientProxy.set({ isHeld: true }, ['down']);
    const lost = lab.submit(request).then(
      () => 'answered',
      () => 'lost',
    );
    // The scheduler has handled this request, not only the one of an earlier round.
    await until('the answer to reach the proxy', () => lab.answerCount > answersBefore, 10_000);
    lab.clientProxy[fault]();
    lab.clientProxy.heal();
    // `cut` sends the bytes that the proxy held back, then a FIN. `reset` discards these bytes and sends an RST.
    expect(await lost).toBe(outcome);
    await lab.submit(request);
  }
  expect(lab.accepted.size).toBe(acceptedBefore + 1);
  expect(await lab.storedCount()).toBe(before + 1);
});
