// What a connection's state means for the jobs that are to go over it, through whole schedulers in memory.
import { expect, it } from 'vitest';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';

it('a job that waits for a full connection which is replaced reaches its node after the registration, at no cost', async () => {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  await node.connect();
  node.read(false);
  const jobId = await accepted(world, { maxAttempts: 1 });
  await node.replaceConnection();
  await world.settle();
  node.beat(3);
  await world.settle();
  node.hear();
  node.speak();
  node.finishOne('success');
  node.speak();
  await world.settle();
  expect(world.view(jobId)).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'not_delivered' }, { outcome: 'succeeded' }] });
});

it('a node that is closing its connection is found out by the first job, which waits on', async () => {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  await node.connect();
  node.sayGoodbye();
  const jobId = await accepted(world, { maxAttempts: 1 });
  for (let turn = 0; turn < 20; turn++) await world.flush();
  expect([world.scheduler.record('node-a')?.online, world.view(jobId)?.status]).toEqual([false, 'queued']);
  expect(world.view(jobId)?.attempts.length).toBeLessThan(3);
});
