// The owner's load from the agent to the scheduler: in each heartbeat, at once when it crosses a limit, and on request.
import { expect, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
const limits = { cpu_percent: 60, gpu_percent: 25, mem_percent: 90, set_by: { cpu: 'default', gpu: 'default', mem: 'default' } } as const;

async function connected() {
  const agent = await bench().started({ limits: { gpu_percent: 25 } });
  const connection = await bench().scheduler.connection(0);
  const registration = await connection.accept();
  await linkIs(agent, 'connected');
  connection.send(statusOf({ limits }));
  await until('the status', () => agent.view().node_status !== null);
  return { agent, connection, registration };
}

test("heartbeat: the owner's load and the limits that the owner set", async () => {
  const { connection, registration } = await connected();
  bench().hardware.owner = { cpuPercent: 7.5, gpuPercent: null };
  await bench().readLoads(1);
  connection.send({ type: 'load_request', node_id: 'node-1' });
  expect(await connection.next('node_heartbeat')).toMatchObject({
    resource_usage: { owner_cpu_percent: 7.5, owner_gpu_percent: null },
    limits: { gpu_percent: 25 },
  });
  expect(registration).toMatchObject({ limits: { gpu_percent: 25 } });
});

test('load crosses a limit, up and down -> a heartbeat at once each time, none in between', async () => {
  const { connection } = await connected();
  const { hardware } = bench();
  const heard = () => connection.received.filter(({ type }) => type === 'node_heartbeat').length;
  // The heartbeat of the warm-up is due after 3 s, the next one 15 s later.
  await bench().readLoads(1);
  await bench().readLoads(1);
  await until('the heartbeat of the warm-up', () => heard() === 2);
  const before = heard();
  for (const [gpuPercent, heartbeats] of [
    [71, 1],
    [72, 1],
    [24, 2],
    [23, 2],
  ] as const) {
    hardware.owner = { cpuPercent: 5, gpuPercent };
    await bench().readLoads(1);
    connection.send({ type: 'job_result_ack', job_id: 'barrier', attempt: 1 });
    await until('the heartbeat', () => heard() - before >= heartbeats);
    expect(heard() - before).toBe(heartbeats);
  }
});

test('computer goes to sleep -> the socket closes with 4100', async () => {
  const { agent, connection } = await connected();
  await agent.suspend();
  expect(connection.closeCode).toBe(4100);
});

test('computer goes to sleep, the scheduler does not answer -> done after a second', async () => {
  const { agent, connection } = await connected();
  connection.ws.pause();
  const suspended = agent.suspend();
  bench().clock.advance(1000);
  await suspended;
  expect(agent.view().link.state).toBe('connecting');
  connection.ws.resume();
  await until('the close', () => connection.closeCode !== null);
});

test('computer wakes up before the scheduler has answered the close -> connected, also after the answer', async () => {
  const { agent, connection } = await connected();
  connection.ws.pause();
  const suspended = agent.suspend();
  await agent.wake();
  await (await bench().scheduler.connection(1)).accept();
  await linkIs(agent, 'connected');
  connection.ws.resume();
  await suspended;
  expect([connection.closeCode, agent.view().link.state]).toEqual([4100, 'connected']);
});
