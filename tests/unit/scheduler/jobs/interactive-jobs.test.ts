// Interactive jobs: dispatched and answered before they are on disk (ADR 0019), with whole schedulers in memory.
import { describe, expect, it } from 'vitest';
import type { RateSample } from '../../../../src/main/scheduler/lifecycle/model-rates';
import { jobSubmissionSchema } from '../../../../src/shared/api/job';
import { chatOutput, chatTask } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { assigned, nodeOf } from '../../../support/job-world-acts';
import type { ScriptedNode } from '../../../support/scripted-node';

const WRITE_BEHIND_MS = 100;
const submission = jobSubmissionSchema.parse({ task: chatTask() });

const submitted = (world: JobWorld, interactive: boolean) =>
  world.jobs.submit(submission, { idempotencyKey: null, interactive, traceId: null });

/** Submits an interactive job without a write. */
async function requested(world: JobWorld): Promise<string> {
  await world.submit({ interactive: true });
  return world.accepted.at(-1) ?? '';
}

async function connected(world = new JobWorld()): Promise<{ readonly world: JobWorld; readonly node: ScriptedNode }> {
  const node = nodeOf(world, 'node-a');
  await node.connect();
  return { world, node };
}

/** The node ends its job and the scheduler gets the result. */
function finish(node: ScriptedNode): void {
  node.deliver();
  node.finishOne('success');
  node.deliver();
}

describe('interactive job: nothing is written', () => {
  it('submitted -> assigned in the same turn; a durable job waits for its write', async () => {
    const { world, node } = await connected();
    await world.submit({});
    node.receive();
    expect(node.running.size).toBe(0);
    const jobId = await requested(world);
    node.receive();
    expect([[...node.running.keys()], world.stored(jobId)]).toEqual([[jobId], null]);
    await world.flush();
    node.receive();
    expect(node.running.size).toBe(2);
    await world.invariants.check();
  });

  it('ended -> answered at once and shown with its result, acknowledged when it is on disk', async () => {
    const { world, node } = await connected();
    const jobId = await requested(world);
    node.receive();
    finish(node);
    await world.invariants.check();
    expect(world.clients.get(jobId)?.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } });
    expect(await world.view(jobId)).toMatchObject({ status: 'succeeded', interactive: true, result: { output: chatOutput('node-a 1') } });
    node.receive();
    expect([world.stored(jobId), node.unacknowledged.size]).toEqual([null, 1]);
    await world.advance(WRITE_BEHIND_MS);
    node.receive();
    expect(node.unacknowledged.size).toBe(0);
    expect(world.stored(jobId)).toMatchObject({ job: { state: { status: 'succeeded' } }, result: { output: chatOutput('node-a 1') } });
    expect(await world.store.task(world.rows.lastSeq())).toBeNull();
  });

  it('ended before its client follows it -> the client gets the end at once', async () => {
    const { world, node } = await connected();
    const jobId = await requested(world);
    node.receive();
    finish(node);
    const events: unknown[] = [];
    world.jobs.follow(jobId, (event) => events.push(event));
    expect(world.stored(jobId)).toBeNull();
    expect(events).toMatchObject([{ type: 'job', job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } }]);
  });

  it('answers are not kept: ended -> the client gets the answer, the store and readers its facts', async () => {
    const { world, node } = await connected(new JobWorld({ keepsAnswers: false }));
    const jobId = await requested(world);
    node.receive();
    finish(node);
    const facts = { status: 'succeeded', result: { attempt: 1, output: { status: 200, body: null } } };
    expect(world.clients.get(jobId)?.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } });
    expect(await world.view(jobId)).toMatchObject(facts);
    await world.advance(WRITE_BEHIND_MS);
    expect(await world.view(jobId)).toMatchObject(facts);
  });

  it('answers are not kept: ended and written before its client follows it -> the client gets the answer, once', async () => {
    const { world, node } = await connected(new JobWorld({ keepsAnswers: false }));
    const outcome = await submitted(world, true);
    const jobId = outcome.ok ? outcome.value.jobId : '';
    node.receive();
    finish(node);
    await world.advance(WRITE_BEHIND_MS);
    const events: unknown[] = [];
    world.jobs.follow(jobId, (event) => events.push(event));
    expect(events).toMatchObject([{ type: 'job', job: { status: 'succeeded', result: { output: chatOutput('node-a 1') } } }]);
    expect(world.jobs.follow(jobId, (event) => events.push(event))).toBeNull();
    expect(events).toHaveLength(1);
    expect(await world.view(jobId)).toMatchObject({ status: 'succeeded', result: { output: { status: 200, body: null } } });
  });

  it('answers are not kept: ended, cancelled by its client that never followed it -> the answer is forgotten', async () => {
    const { world, node } = await connected(new JobWorld({ keepsAnswers: false }));
    const outcome = await submitted(world, true);
    const jobId = outcome.ok ? outcome.value.jobId : '';
    node.receive();
    finish(node);
    await world.jobs.cancel(jobId, 'client_gone');
    const events: unknown[] = [];
    world.jobs.follow(jobId, (event) => events.push(event));
    expect(events).toMatchObject([{ job: { status: 'succeeded', result: { output: { status: 200, body: null } } } }]);
  });

  it('jobs listed -> the job is in the list', async () => {
    const { world } = await connected();
    const jobId = await requested(world);
    const { jobs } = await world.jobs.list({ statuses: ['assigned'], limit: 10, cursor: null });
    expect(jobs.map(({ job_id: id }) => id)).toEqual([jobId]);
  });

  it('client disconnects -> the node gets job_cancel at once, the job is recorded as cancelled', async () => {
    const { world, node } = await connected();
    const jobId = await requested(world);
    node.receive();
    void world.jobs.cancel(jobId, 'client_gone');
    node.receive();
    expect([node.running.size, world.jobs.liveOn('node-a')]).toEqual([0, 0]);
    await world.settle();
    expect(world.stored(jobId)?.job.state).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    await world.invariants.check();
  });

  it('node fails -> the next attempt is sent at the end of the turn, with the written task', async () => {
    const { world, node } = await connected();
    await nodeOf(world, 'node-b').connect();
    const jobId = await requested(world);
    node.receive();
    node.disconnect();
    node.crash();
    await node.connect();
    await world.settle();
    nodeOf(world, 'node-b').receive();
    node.receive();
    expect([...nodeOf(world, 'node-b').running, ...node.running]).toEqual([[jobId, 2]]);
    await world.invariants.check();
  });
});

it('interactive job: task not in memory -> assigned after the write', async () => {
  const { world, node } = await connected(new JobWorld({ maxTextBytes: 0 }));
  const jobId = await requested(world);
  node.receive();
  expect(node.running.size).toBe(0);
  await world.flush();
  node.receive();
  expect([...node.running.keys()]).toEqual([jobId]);
});

it('interactive job: slot freed by a cancellation that is not on disk -> the node gets job_cancel first', async () => {
  const { world, node, jobId: cancelled } = await assigned();
  await world.submit({});
  await world.settle();
  node.receive();
  expect(node.running.size).toBe(2);
  void world.jobs.cancel(cancelled, 'requested');
  const jobId = await requested(world);
  node.receive();
  expect([...node.running.keys()]).not.toContain(jobId);
  await world.flush();
  node.receive();
  node.receive();
  expect([...node.running.keys()]).toContain(jobId);
  await world.invariants.check();
});

it('interactive job: its stream is unreadable -> the node gets job_cancel at once', async () => {
  const { world, node } = await connected();
  const jobId = await requested(world);
  node.receive();
  node.deliver();
  expect([...node.running.keys()]).toEqual([jobId]);
  world.jobs.nodes.chunk('node-a', { jobId, attempt: 1, seq: 0, data: 'nonsense' });
  node.receive();
  expect([...node.running.keys()]).toEqual([]);
});

it('interactive job: first chunk has only a role -> the prompt is not processed yet; a chunk with text -> it is', async () => {
  const { world, node } = await connected();
  const rates: RateSample = { inputPerSecond: 1, outputPerSecond: 1, concurrency: 1, loadSeconds: null, slowdown: null };
  world.scheduler.apply('node-a', { type: 'job_measured', modelId: chatTask().body.model, sample: rates });
  const jobId = await requested(world);
  node.receive();
  node.deliver();
  const promptMs = (): number | undefined => world.scheduler.record('node-a')?.expectedJobs.get(jobId)?.promptMs;
  const send = (seq: number, delta: object): void => {
    const data = { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }] };
    world.jobs.nodes.chunk('node-a', { jobId, attempt: 1, seq, data });
  };
  expect(promptMs()).toBeGreaterThan(0);
  send(0, { role: 'assistant', content: '' });
  expect(promptMs(), 'only a role').toBeGreaterThan(0);
  send(1, { content: 'The' });
  expect(promptMs()).toBe(0);
});

describe('interactive job: disk full', () => {
  it('first write fails -> the request is answered, the next one is refused; written when the disk has space', async () => {
    const { world, node } = await connected();
    world.setFull('everything');
    const jobId = await requested(world);
    await world.advance(WRITE_BEHIND_MS);
    const refusal = { ok: false, error: { code: 'STORAGE_FULL', details: { reason: 'disk', error: 'disk full' } } };
    const refused = submitted(world, true);
    await world.settle();
    expect(await refused).toEqual(refusal);
    node.receive();
    finish(node);
    node.receive();
    expect([(await world.view(jobId))?.status, node.unacknowledged.size, world.jobs.liveOn('node-a')]).toEqual(['succeeded', 1, 0]);
    await world.invariants.check();
    world.setFull('nothing');
    await world.advance(1000);
    node.receive();
    expect([world.stored(jobId)?.job.state.status, node.unacknowledged.size]).toEqual(['succeeded', 0]);
    await requested(world);
    node.receive();
    expect(node.running.size).toBe(1);
  });

  it('disk full again in between -> a durable job is still refused or stored', async () => {
    const { world } = await connected();
    world.setFull('everything');
    await requested(world);
    await world.advance(WRITE_BEHIND_MS);
    const durable = submitted(world, false);
    await world.settle();
    expect((await durable).ok).toBe(false);
    world.setFull('nothing');
    const stored = submitted(world, false);
    await world.settle();
    const outcome = await stored;
    expect(outcome.ok && world.stored(outcome.value.jobId)).toMatchObject({ job: { state: { status: 'assigned' } } });
  });

  it('scheduler stopped -> stops without the record', async () => {
    const { world } = await connected();
    world.setFull('everything');
    const jobId = await requested(world);
    await world.jobs.stop();
    expect(world.stored(jobId)).toBeNull();
  });
});
