// Real agents at a replica, over a bus that loses, repeats and delays messages, and under leaders that follow one another.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { jobOf, submitted } from '../support/job-pool';
import { databaseFile, ReplicaBench, takeOver } from '../support/replica-bench';
import type { TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const agents = useAgentBench();

/** The same faults in each run. */
function faults(): (subject: string) => readonly number[] {
  let at = 0;
  return () => {
    at++;
    if (at % 13 === 0) return [];
    if (at % 7 === 0) return [0, 3];
    return [at % 5 === 0 ? 2 : 0];
  };
}

const submit = (leader: TestScheduler) => submitted(leader.port, { task: { kind: 'command', model_id: 'slow', input: 'hello' } });
const succeeded = (leader: TestScheduler, jobId: string) =>
  until('the end of the job', async () => (await jobOf(leader.port, jobId)).status === 'succeeded', 20_000);

test.each([
  ['a bus without faults', undefined],
  ['a bus that loses, repeats and delays messages', faults()],
])('%s: the leader changes twice during a job -> same connection, same attempt, one result', async (_name, delays) => {
  const bench = new ReplicaBench(delays);
  const first = await bench.leader({ databaseFile: databaseFile() });
  const replica = await bench.led();
  const slow = writeCommandModel(path.join(agents().folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const agent = await agents().open();
  agent.connectTo({ url: replica.url.replace(/^http/, 'ws'), joinToken: null });
  await agent.start();
  await linkIs(agent, 'connected');
  const ready = (): Promise<unknown> =>
    until(
      'the node to be ready',
      () => {
        if (agent.view().node_status?.message.status === 'ready') return true;
        agents().clock.advance(3000);
        return false;
      },
      20_000,
    );
  await ready();
  const jobId = await submit(first);
  await until('the job to run', () => existsSync(path.join(slow, 'pids')), 20_000);

  let leader = first;
  for (let change = 0; change < 2; change++) {
    leader = await takeOver(bench, leader, replica);
    const { port } = leader;
    await until('the job to go on', async () => (await jobOf(port, jobId)).status === 'running', 20_000);
  }
  writeFileSync(path.join(slow, 'go'), '');
  await succeeded(leader, jobId);
  expect(await jobOf(leader.port, jobId)).toMatchObject({
    attempts: [{ attempt: 1, outcome: 'succeeded' }],
    result: { output: { text: 'hello' } },
  });
  await ready();
  await succeeded(leader, await submit(leader));
  const changes = agents().lines.filter(({ event }) => event === 'link_changed');
  expect(changes.map(({ fields = {} }) => (fields as { to?: string }).to)).toEqual(['waiting', 'connecting', 'unregistered', 'registered']);
});
