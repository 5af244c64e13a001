// Which processes the agent declares as the pool's, with each reading of the load.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { FakeRuntime } from '../support/fake-runtime';
import { assignOf, resultOf, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { until } from '../support/until';

const bench = useAgentBench();
const SERVER = { port: 11_434, processNames: ['ollama'] };

/** Registered, with a model `slow` of a command that waits, and a model `served` of a model server. */
async function started() {
  const folder = writeCommandModel(path.join(bench().folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const server = new FakeRuntime('ollama');
  server.place = SERVER;
  server.models = { served: 'ready' };
  const agent = await bench().started({ runtimes: [server] });
  const connection = await bench().scheduler.connection(0);
  await connection.accept();
  await linkIs(agent, 'connected');
  return { agent, connection, server, folder };
}

/** The pool's processes in the next reading. */
async function nextUse() {
  const { hardware, clock } = bench();
  const { loads } = hardware;
  await until('the next reading', () => {
    if (hardware.loads === loads) clock.advance(2500);
    return hardware.loads > loads;
  });
  return hardware.use;
}

test('pool processes: this process, the scheduler on this machine, model servers that run', async () => {
  await started();
  expect(await nextUse()).toEqual({
    pids: [process.pid],
    ports: [Number(new URL(bench().scheduler.url).port)],
    servers: [{ id: 'ollama', ...SERVER, usedAtMonotonicMs: null }],
    jobAtMonotonicMs: null,
  });
});

test('pool processes: job of a command -> a job, on no server', async () => {
  const { connection, folder } = await started();
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await connection.next('job_accepted');
  expect(await nextUse()).toMatchObject({ servers: [{ usedAtMonotonicMs: null }], jobAtMonotonicMs: bench().clock.monotonicMs() });
  writeFileSync(path.join(folder, 'go'), '');
  await resultOf(connection, 'j1');
  const endedAtMonotonicMs = bench().clock.monotonicMs();
  expect(await nextUse()).toMatchObject({ jobAtMonotonicMs: endedAtMonotonicMs });
});

test('pool processes: job of a model server -> the server works for the pool, until the job ends', async () => {
  const { connection, server } = await started();
  let end: () => void = () => undefined;
  server.holdRuns = new Promise((resolve) => {
    end = resolve;
  });
  connection.send(assignOf('j1', { model_id: 'served' }));
  await connection.next('job_accepted');
  const now = await nextUse();
  expect(now).toMatchObject({
    servers: [{ usedAtMonotonicMs: bench().clock.monotonicMs() }],
    jobAtMonotonicMs: bench().clock.monotonicMs(),
  });
  end();
  await resultOf(connection, 'j1');
  const endedAtMonotonicMs = bench().clock.monotonicMs();
  expect(await nextUse()).toMatchObject({ servers: [{ usedAtMonotonicMs: endedAtMonotonicMs }], jobAtMonotonicMs: endedAtMonotonicMs });
});
