// Quarantine over real sockets: the jobs of the node run elsewhere, and it gets none until it is released.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { accept, chatOutput, jobOf, nodeOf, readyNode, submitted, succeed } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const act = async (nodeId: string, operation: 'quarantine' | 'release', body: object = {}) =>
  sendRequest(scheduler.port, { method: 'POST', path: `/api/v1/nodes/${nodeId}/${operation}`, body });

it('running job -> requeued at once, late result ignored, no job until released', async () => {
  const suspect = await readyNode(scheduler.url, { node_id: 'suspect' });
  const jobId = await submitted(scheduler.port);
  const first = await suspect.until('job_assign');
  accept(suspect, first);
  await suspect.settled();
  const answered = await act('suspect', 'quarantine', { reason: 'wrong answers' });
  expect([answered.status, answered.json()]).toMatchObject([
    200,
    { status: 'ready', online: true, quarantine: { by: 'operator', reason: 'wrong answers' } },
  ]);
  expect(await suspect.until('job_cancel')).toMatchObject({ job_id: jobId, attempt: 1, reason: 'quarantined' });
  succeed(suspect, first, chatOutput('too late'));
  await suspect.until('job_result_ack', (ack) => ack.job_id === jobId);
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({
    status: 'queued',
    attempts: [{ outcome: 'quarantined', error: { code: 'quarantined' } }],
    waiting: { reasons: { quarantined: { count: 1, examples: ['suspect'] } } },
  });

  const other = await readyNode(scheduler.url, { node_id: 'other' });
  succeed(other, await other.until('job_assign'), chatOutput('hi'));
  await other.settled();
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'succeeded', result: { node_id: 'other' } });
  other.send({ type: 'node_unregister', node_id: 'other' });

  const next = await submitted(scheduler.port);
  await suspect.settled();
  expect(await jobOf(scheduler.port, next)).toMatchObject({ status: 'queued' });
  expect((await act('suspect', 'release')).status).toBe(200);
  expect(await suspect.until('job_assign')).toMatchObject({ job_id: next });
});

it('refused: unknown node, node that is not quarantined, body of another form', async () => {
  await readyNode(scheduler.url, { node_id: 'mine' });
  const answers = [await act('unknown', 'quarantine'), await act('mine', 'release'), await act('mine', 'quarantine', { why: 'x' })];
  expect(answers.map((answer) => [answer.status, answer.json()])).toMatchObject([
    [404, { error: { code: 'NOT_FOUND' } }],
    [409, { error: { code: 'INVALID_STATE', details: { reason: 'not_quarantined' } } }],
    [400, { error: { code: 'INVALID_REQUEST' } }],
  ]);
  expect((await nodeOf(scheduler.port, 'mine')).quarantine).toBeNull();
});
