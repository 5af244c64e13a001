// A slow member that leaves and joins as a new node after each job gets no trial each time.
import { expect, test } from 'vitest';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { chatOutput, chatTask, submitted } from '../support/job-pool';
import { heartbeat, registration, type TestNode } from '../support/test-node';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';

const bench = useKeyedScheduler();

const PROMPT_TOKENS = 500;
const ANSWER_TOKENS = 200;
const HONEST_MS = 4000;
const SLOW_MS = 60_000;
const JOBS = 8;

interface Member {
  readonly node: TestNode;
  nodeId: string;
}

async function joined(nodeId: string): Promise<Member> {
  const { node } = await bench.join((await bench.invite()).key, { node_id: nodeId });
  return { node, nodeId };
}

async function ready({ node, nodeId }: Member): Promise<void> {
  for (let i = 0; i < 3; i++) node.send(heartbeat(nodeId));
  await node.until('node_status', ({ status }) => status === 'ready');
}

/** All nodes send heartbeats while the job runs. */
async function finish(
  { node, nodeId }: Member,
  { job_id, attempt, trace_id }: JobAssign,
  ms: number,
  all: readonly Member[],
): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 2000) {
    bench.scheduler.clock.advance(2000);
    for (const member of all) member.node.send(heartbeat(member.nodeId));
    for (const member of all) await member.node.settled();
  }
  const timings = { first_token_ms: ms / 10, decode_ms: (ms * 9) / 10, prompt_tokens: PROMPT_TOKENS, completion_tokens: ANSWER_TOKENS };
  const ids = { job_id, attempt, trace_id, node_id: nodeId };
  const output = chatOutput('x'.repeat(4 * ANSWER_TOKENS));
  node.send({ type: 'job_result', ...ids, success: true, output, processing_time_ms: ms, timings });
  await node.until('job_result_ack');
}

async function joinAgain(member: Member, nodeId: string): Promise<void> {
  member.node.send({ type: 'node_unregister', node_id: member.nodeId });
  member.nodeId = nodeId;
  member.node.send(registration({ node_id: nodeId }));
  await member.node.until('node_register_ack');
  await ready(member);
}

test.each(['after each job', 'during each job'])(
  'slow member leaves and joins again %s -> one trial, the other jobs run elsewhere',
  async (when) => {
    const honest = await joined('honest');
    await ready(honest);
    const { port } = bench.scheduler;
    const task = chatTask('x'.repeat(4 * PROMPT_TOKENS));
    for (let i = 0; i < 3; i++) {
      const jobId = await submitted(port, { task });
      await finish(honest, await honest.node.until('job_assign', ({ job_id }) => job_id === jobId), HONEST_MS, [honest]);
    }
    const slow = await joined('slow-0');
    await ready(slow);
    let slowJobs = 0;
    for (let i = 0; i < JOBS; i++) {
      const jobId = await submitted(port, { task });
      const assigned = ({ node }: Member) => node.until('job_assign', ({ job_id }) => job_id === jobId);
      const at = bench.scheduler.log.of('job_assigned').at(-1)?.['node_id'];
      if (at === slow.nodeId) {
        slowJobs++;
        const job = await assigned(slow);
        if (when === 'after each job') await finish(slow, job, SLOW_MS, [honest, slow]);
        await joinAgain(slow, `slow-${String(i + 1)}`);
        if (when === 'after each job') continue;
      }
      await finish(honest, await assigned(honest), HONEST_MS, [honest, slow]);
    }
    expect(slowJobs).toBe(1);
  },
);
