// Jobs over real sockets: submitted over HTTP, run by a scripted node, and back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

describe('a job', () => {
  it('goes to the ready node, runs, and its result can be read', async () => {
    const node = await readyNode(scheduler.url, { node_id: 'mine' });
    const jobId = await submitted(scheduler.port);
    const assign = await node.until('job_assign');
    expect(assign).toMatchObject({ job_id: jobId, attempt: 1, required_models: ['llm-a'], timeout_seconds: 300 });
    accept(node, assign);
    succeed(node, assign, { status: 200, body: { text: 'hi' } });
    expect(await node.until('job_result_ack')).toMatchObject({ job_id: jobId, attempt: 1 });
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({
      status: 'succeeded',
      attempts: [{ attempt: 1, node_id: 'mine', outcome: 'succeeded' }],
      result: { success: true, output: { status: 200, body: { text: 'hi' } }, error: null },
      waiting: null,
    });
  });
});
