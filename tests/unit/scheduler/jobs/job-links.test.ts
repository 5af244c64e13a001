// Jobs on full and closing connections, with whole schedulers in memory.
import { expect, it } from 'vitest';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';

it('links: full link replaced while a job waits -> sent after the registration, no attempt used', async () => {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  await node.connect();
  node.read(false);
  const jobId = await accepted(world, { maxAttempts: 1 });
  await node.replaceConnection();
  await world.settle();
  node.beat(3);
  await world.settle();
  node.receive();
  node.deliver();
  node.finishOne('success');
  node.deliver();
  await world.settle();
  expect(await world.view(jobId)).toMatchObject({
    status: 'succeeded',
    attempts: [{ outcome: 'not_delivered' }, { outcome: 'succeeded' }],
  });
});

it('links: link closing -> node not online after the first job, which stays queued', async () => {
  const world = new JobWorld();
  const node = nodeOf(world, 'node-a');
  await node.connect();
  node.startClosing();
  const jobId = await accepted(world, { maxAttempts: 1 });
  for (let turn = 0; turn < 20; turn++) await world.flush();
  expect([world.scheduler.record('node-a')?.online, (await world.view(jobId))?.status]).toEqual([false, 'queued']);
  expect((await world.view(jobId))?.attempts.length).toBeLessThan(3);
});
