// Task and result texts are passed on: the store is read only for a text that is not cached.
import { describe, expect, it } from 'vitest';
import type { JobEvent, JobView } from '../../../../src/shared/api/job';
import { TaskTexts } from '../../../../src/main/scheduler/jobs/task-texts';
import { chatOutput, chatTask } from '../../../support/job-pool';
import { JobWorld } from '../../../support/job-world';
import { accepted, assigned, HEARTBEAT_TIMEOUT_MS, nodeOf } from '../../../support/job-world-acts';

/** Counts the reads of tasks, and of jobs. */
function countReads(world: JobWorld): { tasks: number; jobs: number } {
  const counts = { tasks: 0, jobs: 0 };
  const { store } = world;
  const [task, job] = [store.task.bind(store), store.job.bind(store)];
  store.task = (seq) => {
    counts.tasks++;
    return task(seq);
  };
  store.job = (jobId) => {
    counts.jobs++;
    return job(jobId);
  };
  return counts;
}

describe('job: submitted, assigned, ended -> texts that were just written are not read from the store', () => {
  it('assignment -> the task is not read, and arrives as it was submitted', async () => {
    const world = new JobWorld();
    const reads = countReads(world);
    const node = nodeOf(world, 'node-a');
    await node.connect();
    await accepted(world);
    node.receive();
    expect([reads.tasks, node.lastTask]).toEqual([0, chatTask()]);
  });

  it('assignment after a wait in the queue -> the task is not read', async () => {
    const world = new JobWorld();
    const reads = countReads(world);
    await accepted(world);
    const node = nodeOf(world, 'node-a');
    await node.connect();
    await world.settle();
    node.receive();
    expect([reads.tasks, node.lastTask]).toEqual([0, chatTask()]);
  });

  it('result -> the last event is not read from the store, and equals the stored job', async () => {
    const { world, node, jobId } = await assigned();
    const reads = countReads(world);
    const last: (readonly [number, JobView])[] = [];
    world.jobs.follow(jobId, (event: JobEvent) => {
      if (event.type === 'job' && event.job.status === 'succeeded') last.push([reads.jobs, event.job]);
    });
    node.deliver();
    node.finishOne('success');
    node.deliver();
    await world.settle();
    expect(last).toEqual([[0, await world.view(jobId)]]);
    expect(last[0]?.[1].result).toMatchObject({ attempt: 1, node_id: 'node-a', success: true, output: chatOutput('node-a 1') });
  });
});

describe('job: its text is not cached -> the store is read', () => {
  it('restart -> the task is read once', async () => {
    const world = new JobWorld();
    await accepted(world);
    await world.crash();
    const reads = countReads(world);
    const node = nodeOf(world, 'node-a');
    await node.connect();
    await world.settle();
    node.receive();
    expect([reads.tasks, node.lastTask]).toEqual([1, chatTask()]);
  });

  it('second attempt -> the task is read once', async () => {
    const { world } = await assigned();
    const reads = countReads(world);
    const other = nodeOf(world, 'node-b');
    await other.connect();
    nodeOf(world, 'node-a').crash();
    for (let ms = 0; ms <= HEARTBEAT_TIMEOUT_MS; ms += 15_000) {
      await world.advance(15_000);
      other.beat();
    }
    await world.settle();
    other.receive();
    expect([reads.tasks, other.lastTask]).toEqual([1, chatTask()]);
  });

  it('store cannot be read -> the task is read again each second; the job keeps its attempt, or goes to another node', async () => {
    const world = new JobWorld();
    await accepted(world);
    await world.crash();
    const read = world.store.task.bind(world.store);
    let reads = 0;
    world.store.task = () => {
      reads++;
      return Promise.reject(new Error('no connection'));
    };
    const [node, other] = [nodeOf(world, 'node-a'), nodeOf(world, 'node-b')];
    await node.connect();
    for (let turn = 0; turn < 20; turn++) await world.flush();
    expect(reads).toBe(1);
    await world.advance(1000);
    for (let turn = 0; turn < 20; turn++) await world.flush();
    expect(reads).toBe(2);
    await world.invariants.check();
    await other.connect();
    node.disconnect();
    await world.settle();
    world.store.task = read;
    await world.advance(1000);
    await world.settle();
    for (const each of [node, other]) each.receive();
    expect([node.running.size, other.running.size, other.lastTask]).toEqual([0, 1, chatTask()]);
    await world.invariants.check();
  });

  it('store cannot be read, the scheduler stops -> not read again', async () => {
    const world = new JobWorld();
    await accepted(world);
    await world.crash();
    let reads = 0;
    world.store.task = () => {
      reads++;
      return Promise.reject(new Error('no connection'));
    };
    await nodeOf(world, 'node-a').connect();
    await world.flush();
    await world.jobs.stop();
    await world.advance(10_000);
    expect(reads).toBe(1);
  });

  it('damaged row after a restart -> the job fails with task_unreadable', async () => {
    const world = new JobWorld();
    const jobId = await accepted(world);
    await world.crash();
    world.store.task = () => Promise.resolve(null);
    await nodeOf(world, 'node-a').connect();
    await world.settle();
    expect(await world.view(jobId)).toMatchObject({ status: 'failed', error: { code: 'task_unreadable' } });
  });
});

describe('cached task texts', () => {
  const textOf = (characters: number) => ({ text: 'x'.repeat(characters), isStreamed: false });

  it('texts larger than the limit in total -> the oldest are dropped', () => {
    const texts = new TaskTexts(100);
    for (const jobId of ['a', 'b', 'c']) texts.keep(jobId, textOf(20));
    expect(['a', 'b', 'c'].map((jobId) => texts.get(jobId) !== null)).toEqual([false, true, true]);
    expect(texts.bytes).toBe(80);
  });

  it('one text larger than the limit -> not cached, the other texts stay', () => {
    const texts = new TaskTexts(100);
    texts.keep('a', textOf(20));
    texts.keep('large', textOf(51));
    expect([texts.get('a'), texts.get('large'), texts.bytes]).toEqual([textOf(20), null, 40]);
  });

  it('text removed, also twice -> its bytes are subtracted once', () => {
    const texts = new TaskTexts(100);
    texts.keep('a', textOf(20));
    texts.forget('a');
    texts.forget('a');
    expect([texts.get('a'), texts.bytes]).toEqual([null, 0]);
  });

  it('job ends in the queue -> its text is removed', async () => {
    const world = new JobWorld();
    const jobId = await accepted(world);
    expect(world.texts.bytes).toBeGreaterThan(0);
    void world.jobs.cancel(jobId, 'requested');
    expect(world.texts.bytes).toBe(0);
  });

  it('job is sent -> its text is removed', async () => {
    const { world } = await assigned();
    expect(world.texts.bytes).toBe(0);
  });

  it('job is refused by the store -> its text is removed', async () => {
    const world = new JobWorld();
    world.setFull('everything');
    await world.submit({});
    await world.settle();
    expect(world.texts.bytes).toBe(0);
  });
});
