// A runtime ends or hangs in the middle of an answer. Its node reports the failure at once. Within a limited time the job runs on the
// other node, or fails with the reason.
import { expect, test } from 'vitest';
import { modelStateOf } from '../support/faults/fault-node';
import { useFaultPool } from '../support/faults/use-fault-pool';
import { until } from '../support/until';

const pool = useFaultPool();

/** A streaming job and the node that runs it. */
async function streaming(maxAttempts: number, more: object = {}) {
  const lab = pool();
  const name = lab.newName();
  const jobId = await lab.submitted({ name, behaviour: 'wait 3000', stream: true, maxAttempts, more });
  const node = await until('the job to run', () => lab.nodes.find((one) => one.runs().some((run) => run.name === name)), 10_000);
  await lab.wire(node, 'job_chunk', jobId);
  const other = lab.nodes.find((one) => one !== node);
  if (other === undefined) throw new Error('there is one node');
  return { lab, jobId, node, other };
}

type Lab = ReturnType<typeof pool>;
const modelIs = (lab: Lab, node: Lab['nodes'][number], state: string) =>
  until(`the model of ${node.name} to be ${state}`, async () => modelStateOf(await lab.nodeView(node)) === state, 40_000);

test(
  'runtime killed: in the middle of a stream -> job moves to the other node, model not offered meanwhile',
  { timeout: 90_000 },
  async () => {
    const { lab, jobId, node, other } = await streaming(3);
    const from = lab.events.length;
    const killedAtMonotonicMs = performance.now();
    node.runtime.kill('SIGKILL');
    await lab.wire(node, 'job_result', jobId, from);
    expect(performance.now() - killedAtMonotonicMs).toBeLessThan(1500);
    const next = await until(
      'the next attempt',
      async () => {
        const job = await lab.readJob(jobId);
        return job?.attempt === 2 && job.status === 'running' ? job : null;
      },
      10_000,
    );
    expect(next).toMatchObject({ node_id: other.nodeId, attempts: [{ outcome: 'failed', error: { code: 'runtime_stream_broken' } }, {}] });
    await modelIs(lab, node, 'error');
    expect(performance.now() - killedAtMonotonicMs).toBeLessThan(15_000);
    await node.startRuntime();
    await lab.jobIs(jobId, 'succeeded');
    await modelIs(lab, node, 'ready');
  },
);

test('runtime killed: only attempt -> job fails at once with the reason', { timeout: 90_000 }, async () => {
  const { lab, jobId, node } = await streaming(1);
  node.runtime.kill('SIGKILL');
  expect(await lab.jobIs(jobId, 'failed', 3000)).toMatchObject({ error: { code: 'runtime_stream_broken', details: { retryable: true } } });
  await modelIs(lab, node, 'error');
  await node.startRuntime();
  await modelIs(lab, node, 'ready');
});

test('runtime hangs: in the middle of a stream -> attempt times out, job moves to the other node', { timeout: 90_000 }, async () => {
  const { lab, jobId, node, other } = await streaming(2, { timeout_seconds: 4 });
  node.runtime.kill('SIGSTOP');
  const stoppedAtMonotonicMs = performance.now();
  const next = await until(
    'the next attempt',
    async () => {
      const job = await lab.readJob(jobId);
      return job?.attempt === 2 ? job : null;
    },
    15_000,
  );
  expect(performance.now() - stoppedAtMonotonicMs).toBeLessThan(10_000);
  expect(next).toMatchObject({ node_id: other.nodeId });
  expect(next.attempts[0]?.error?.code).toMatch(/^(attempt_)?timeout$/);
  await lab.jobIs(jobId, 'succeeded');
  // The agent detects a hanging runtime with its probes and stops offering the model.
  await modelIs(lab, node, 'error');
  node.runtime.kill('SIGCONT');
  await modelIs(lab, node, 'ready');
});

test('runtime hangs: only attempt -> job fails after its timeout', { timeout: 90_000 }, async () => {
  const { lab, jobId, node } = await streaming(1, { timeout_seconds: 1 });
  node.runtime.kill('SIGSTOP');
  const job = await lab.jobIs(jobId, 'failed', 10_000);
  expect(job.error?.code).toMatch(/^(attempt_)?timeout$/);
  node.runtime.kill('SIGCONT');
});
