// Nodes that are connected to a replica: the leader decides, and the connections outlive it.
import { expect, test } from 'vitest';
import { accept, chatOutput, jobOf, nodeOf, readyNode, submitted, succeed } from '../support/job-pool';
import { ReplicaBench } from '../support/replica-bench';

test('a node at a replica -> registered, gets a job, sends the result', async () => {
  const bench = new ReplicaBench();
  const leader = await bench.leader();
  const replica = await bench.led();
  const node = await readyNode(replica.url, { node_id: 'mine' });
  expect(await nodeOf(leader.port, 'mine')).toMatchObject({ status: 'ready', online: true });
  const jobId = await submitted(leader.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  succeed(node, assign, chatOutput('hello'));
  await node.until('job_result_ack', (ack) => ack.job_id === jobId);
  expect(await jobOf(leader.port, jobId)).toMatchObject({ status: 'succeeded', attempts: [{ node_id: 'mine', outcome: 'succeeded' }] });
});
