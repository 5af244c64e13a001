// A node is killed with SIGKILL in the middle of a job, after it, and at random moments under traffic. Lost jobs run again, finished
// ones do not, and every job ends once. MUSTER_FAULT_ROUNDS: three kills at random moments for each round.
import { expect, test } from 'vitest';
import { dice } from '../support/faults/kill-point-list';
import { waitUntilResumed, Traffic } from '../support/faults/traffic';
import { useFaultPool } from '../support/faults/use-fault-pool';
import { faultSeed, repetitions } from '../support/repetitions';
import { until } from '../support/until';

const TIMEOUT_SECONDS = 2;
/** For the sweep of the scheduler and a busy machine. */
const MARGIN_MS = 3000;
const ROUNDS = repetitions({ few: 1, many: 10 }, 'MUSTER_FAULT_ROUNDS');
const KILLS_PER_ROUND = 3;
const SEED = faultSeed();
const SECONDS_PER_KILL = 30;

const pool = useFaultPool({ heartbeatTimeoutSeconds: TIMEOUT_SECONDS });

/** A running job and its node. */
async function running(behaviour: string) {
  const lab = pool();
  const name = lab.newName();
  const jobId = await lab.submitted({ name, behaviour });
  const node = await until('the job to run', () => lab.nodes.find((one) => one.runs().some((run) => run.name === name)), 10_000);
  return { lab, jobId, node, name };
}

test('node killed: job running -> job requeued to the other node after the heartbeat timeout', async () => {
  const { lab, jobId, node } = await running('wait 800');
  await node.agent.end('SIGKILL');
  const killedAtMonotonicMs = performance.now();
  const job = await until('the next attempt', async () => {
    const view = await lab.readJob(jobId);
    return (view?.attempt ?? 0) > 1 ? view : null;
  });
  expect(performance.now() - killedAtMonotonicMs).toBeLessThan(TIMEOUT_SECONDS * 1000 + MARGIN_MS);
  expect(job).toMatchObject({ attempt: 2, attempts: [{ outcome: 'node_lost', node_id: node.nodeId }, {}] });
  expect(job.node_id).not.toBe(node.nodeId);
  node.startAgent();
  await lab.jobIs(jobId, 'succeeded');
});

test('node killed: result written, not sent -> result sent after the restart, job runs once', async () => {
  const { lab, jobId, node, name } = await running('wait 200');
  node.proxy.set({ isHeld: true }, ['up']);
  await until('the result to be on the disk', () => node.resultsLeft() === 1);
  await node.agent.end('SIGKILL');
  node.proxy.reset();
  node.proxy.heal();
  node.startAgent();
  const job = await lab.jobIs(jobId, 'succeeded');
  // The node returns within the heartbeat timeout, so the attempt continues. After a later return the result would be stale.
  if (job.attempt === 1)
    expect(lab.nodes.flatMap((one) => one.runs()).filter((run) => run.name === name && run.event === 'begin')).toHaveLength(1);
  await until('the result file to be deleted', () => node.resultsLeft() === 0);
});

test('node and scheduler killed: result not sent -> result sent to the next scheduler', async () => {
  const { lab, jobId, node } = await running('wait 200');
  node.proxy.set({ isHeld: true }, ['up']);
  await until('the result to be on the disk', () => node.resultsLeft() === 1);
  await Promise.all([node.agent.end('SIGKILL'), lab.killScheduler()]);
  node.proxy.reset();
  node.proxy.heal();
  node.startAgent();
  await lab.startScheduler();
  await lab.jobIs(jobId, 'succeeded');
  await until('the result file to be deleted', () => node.resultsLeft() === 0);
});

test('scheduler killed: node draining -> node still draining, no new jobs until it is resumed', async () => {
  const { lab, jobId, node } = await running('wait 2000');
  const drained = await lab.sendRequest('POST', `/api/v1/nodes/${String(node.nodeId)}/drain`, {});
  expect(drained.status).toBe(200);
  lab.note({ type: 'drained', atMonotonicMs: performance.now(), node: node.name });
  await lab.killScheduler();
  await lab.startScheduler();
  // After the first heartbeat only the drain keeps jobs away.
  await until('the node to be back', async () => (await lab.nodeView(node))?.resource_usage != null, 10_000);
  // More jobs than the other node runs at once.
  const others = await Promise.all(Array.from({ length: 6 }, () => lab.submitted({ name: lab.newName(), behaviour: 'wait 150' })));
  for (const other of others) expect((await lab.jobIs(other, 'succeeded')).node_id).not.toBe(node.nodeId);
  expect(await lab.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1, node_id: node.nodeId });
  await until('the node to be drained', async () => (await lab.nodeView(node))?.status === 'offline', 10_000);
  await waitUntilResumed(lab, node);
});

test(
  `node killed ${String(ROUNDS * KILLS_PER_ROUND)} times under traffic, seed ${String(SEED)} -> no job lost`,
  { timeout: ROUNDS * KILLS_PER_ROUND * SECONDS_PER_KILL * 1000 },
  async () => {
    const lab = pool();
    const random = dice(SEED);
    const traffic = new Traffic(lab, random);
    for (let kill = 0; kill < ROUNDS * KILLS_PER_ROUND; kill++) {
      const node = lab.nodes[kill % lab.nodes.length];
      if (node === undefined) throw new Error('there is no node');
      const from = lab.events.length;
      const wanted = Math.floor(random() * 40);
      await until('some traffic', () => lab.events.length > from + wanted, 20_000);
      await node.agent.end('SIGKILL');
      node.startAgent();
      await lab.wire(node, 'node_register', null, lab.events.length);
    }
    await traffic.stop();
  },
);
