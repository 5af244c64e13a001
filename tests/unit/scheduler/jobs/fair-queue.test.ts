// Fair shares in a whole scheduler: the order of the jobs of several keys, and the place and wait that a job shows (ADR 0045).
import { expect, test } from 'vitest';
import { jobSubmissionSchema } from '../../../../src/shared/api/job';
import { placeOf } from '../../../../src/main/scheduler/jobs/job-place';
import { newJob } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { chatTask } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { nodeOf, viewsOf } from '../../../support/job-world-acts';
import { aRecord, at } from '../lifecycle/records';
import { aJob } from './job-records';

async function submitted(world: JobWorld, key: string): Promise<string> {
  const outcome = world.jobs.submit(jobSubmissionSchema.parse({ task: chatTask() }), {
    idempotencyKey: null,
    interactive: false,
    traceId: null,
    submitter: { id: key, maxQueued: null },
  });
  await world.settle();
  const answer = await outcome;
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.jobId;
}

test('one key has many waiting jobs, another sends one -> it is next, and says so; after a crash too', async () => {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  await node.connect();
  const many: string[] = [];
  for (let i = 0; i < 24; i++) many.push(await submitted(world, 'many'));
  node.receive();
  const running = (await viewsOf(world, many)).filter((view) => view?.status === 'assigned').length;
  const one = await submitted(world, 'one');
  expect([(await world.view(one))?.status, (await world.view(one))?.waiting?.ahead]).toEqual(['queued', 0]);
  expect((await world.view(many.at(-1) ?? ''))?.waiting?.ahead).toBe(24 - running);
  expect((await world.view(many[running] ?? ''))?.waiting?.ahead).toBe(1);
  await world.advance(2000);
  node.finishOne('success');
  while (node.hasWork && (await world.view(one))?.status === 'queued') node.deliver();
  expect((await world.view(one))?.status).toBe('assigned');
  // The others wait in their order.
  const waiting = (await viewsOf(world, many)).flatMap((view) => (view?.status === 'queued' ? [view.job_id] : []));
  const places = async () => (await viewsOf(world, waiting)).map((view) => view?.waiting?.ahead);
  expect(await places()).toEqual(waiting.map((_, i) => i));
  await world.jobs.flush();
  await world.crash();
  await world.settle();
  expect(await places()).toEqual(waiting.map((_, i) => i));
});

const measured = { requests: { isMeasured: () => true } };

test.each([
  ['the ends of the running jobs are known', [4000, 9000], 0, undefined, { ahead: 0, waitMs: 3000 }],
  ['more jobs ahead than run, nothing was measured -> not known', [4000], 2, undefined, { ahead: 2, waitMs: null }],
  ['more jobs ahead than run -> each takes the usual time', [4000], 2, 5000, { ahead: 2, waitMs: 13_000 }],
  ['no running job has a prediction -> not known', [], 2, 5000, { ahead: 2, waitMs: null }],
] as const)('the place of a job: %s', (_title, ends, ahead, measuredMs, expected) => {
  const waiting = new WaitingJobs();
  if (measuredMs !== undefined) {
    waiting.shares.charge(aJob(), 1);
    waiting.shares.settle(aJob(), measuredMs);
  }
  for (let seq = 1; seq <= ahead; seq++) waiting.add(aJob({ jobId: `job-${String(seq)}`, seq }));
  const record = newJob(aJob({ jobId: 'mine', seq: 10 }), at(0));
  waiting.add(record.facts);
  const expectedJobs = new Map(ends.map((endMonotonicMs, i) => [`job-${String(i)}`, { promptMs: 0, endMonotonicMs }]));
  const node = aRecord({ nodeId: 'full', expectedJobs });
  const pool = { record: (nodeId: string) => (nodeId === 'full' ? node : undefined), now: () => at(1000), dispatcher: measured };
  expect(placeOf(record, { count: 1, examples: ['full', 'gone'] }, { table: { waiting }, pool, places: waiting.places() })).toEqual(
    expected,
  );
});

test('the place of a job: of six full nodes two are known -> a third of the jobs ahead is before it there', () => {
  const waiting = new WaitingJobs();
  for (let seq = 1; seq <= 7; seq++) waiting.add(aJob({ jobId: `job-${String(seq)}`, seq }));
  const record = newJob(aJob({ jobId: 'job-7', seq: 7 }), at(0));
  const node = aRecord({ expectedJobs: new Map([4000, 5000, 6000].map((end) => [String(end), { promptMs: 0, endMonotonicMs: end }])) });
  const none = aRecord({ nodeId: 'node-2' });
  const pool = { record: (nodeId: string) => (nodeId === 'node-1' ? node : none), now: () => at(1000), dispatcher: measured };
  const full = { count: 6, examples: ['node-1', 'node-2'] };
  expect(placeOf(record, full, { table: { waiting }, pool, places: waiting.places() })).toEqual({ ahead: 6, waitMs: 5000 });
});

test('the place of a job: no job of its model was measured -> the wait is not known, whatever the jobs of other models show', () => {
  const waiting = new WaitingJobs();
  waiting.shares.charge(aJob(), 1);
  waiting.shares.settle(aJob(), 500);
  const record = newJob(aJob({ jobId: 'mine', seq: 2, requirements: { requiredModels: ['llm-cold'], public: true } }), at(0));
  waiting.add(record.facts);
  const node = aRecord({ expectedJobs: new Map([['job-1', { promptMs: 0, endMonotonicMs: 2200 }]]) });
  const placeWith = (known: readonly string[]) => {
    const pool = { record: () => node, now: () => at(1000), dispatcher: { requests: { isMeasured: (id: string) => known.includes(id) } } };
    return placeOf(record, { count: 1, examples: ['node-1'] }, { table: { waiting }, pool, places: waiting.places() });
  };
  expect(placeWith(['llm-a'])).toEqual({ ahead: 0, waitMs: null });
  expect(placeWith(['llm-a', 'llm-cold'])).toEqual({ ahead: 0, waitMs: 1200 });
});
