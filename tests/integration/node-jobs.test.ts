// Jobs on a node, against a scripted scheduler over real sockets, with real programs.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { useAgentBench } from '../support/agent-bench';
import { assignOf, resultOf, SHOUT, writeCommandModel } from '../support/job-bench';
import { until } from '../support/until';

const bench = useAgentBench();
const models = () => path.join(bench().folder, 'models');
const spooled = () => readdirSync(path.join(bench().folder, 'results'));

async function connected() {
  const agent = await bench().connected();
  return { agent, connection: await bench().scheduler.connection(0) };
}

test("an assigned job is accepted, run by the model's command, its result kept on disk until it is acknowledged", async () => {
  writeCommandModel(models(), 'shout', { argv: SHOUT });
  const { agent, connection } = await connected();
  connection.send(assignOf('j1'));
  await connection.next('job_accepted');
  expect(await resultOf(connection, 'j1')).toEqual({
    type: 'job_result',
    job_id: 'j1',
    attempt: 1,
    node_id: 'node-1',
    success: true,
    output: { content_type: 'text/plain', text: 'HELLO' },
    processing_time_ms: expect.any(Number) as number,
    trace_id: 'trace-j1',
  });
  expect(spooled()).toHaveLength(1);
  connection.send({ type: 'job_result_ack', job_id: 'j1', attempt: 1 });
  await until('the result to be released', () => spooled().length === 0);
  expect(agent.view().running_jobs).toBe(0);
});
