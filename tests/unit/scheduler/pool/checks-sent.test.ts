// The health checks in the messages to a node: after each check while it registers, then with its status (protocol §3).
import { expect, test } from 'vitest';
import { nodeHeartbeatSchema, nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { memoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration } from '../../../support/test-node';

const MEASURED_USE = { cpu_percent: 5, mem_percent: 5, gpu_percent: 0, running_jobs: 0, owner_cpu_percent: null, owner_gpu_percent: null };

test('registering node: each check is sent at once, the view has the same number; ready -> its checks are not sent', async () => {
  const { scheduler, open } = memoryScheduler();
  const { link, session } = open();
  await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'desk' })));
  const beat = (): unknown => session.receive(nodeHeartbeatSchema.parse(heartbeat('desk', { resource_usage: MEASURED_USE })));
  const counts: unknown[] = [];
  for (const _ of [1, 2, 3, 4]) {
    link.sent.length = 0;
    await beat();
    const sent = link.sent.flatMap((message) => (message.type === 'node_status' ? [message.health.consecutive_successes] : []));
    counts.push([sent, scheduler.views.listedNode('desk')?.health.consecutive_successes]);
  }
  expect(counts).toEqual([
    [[1], 1],
    [[2], 2],
    [[3], 3],
    [[], 4],
  ]);
});
