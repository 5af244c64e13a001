// Jobs of a node that is killed: a real process and a scripted scheduler. No finished job is lost, and no unfinished job goes on
// after the restart.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assignOf, resultOf, SHOUT, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { MusterLab } from '../support/muster-process';
import { isAlive } from '../support/process-tree';
import { ScriptedScheduler } from '../support/scripted-scheduler';
import { chatChunks } from '../support/stand-ins/openai-answers';
import { openVllm } from '../support/stand-ins/vllm';
import { until } from '../support/until';

let lab: MusterLab;
let scheduler: ScriptedScheduler;
beforeEach(async () => {
  lab = new MusterLab();
  scheduler = await ScriptedScheduler.open();
});
afterEach(async () => {
  await lab.close();
  await scheduler.close();
  expect(scheduler.connections.flatMap(({ faults }) => faults)).toEqual([]);
});

const STARTING_MS = 20_000;

/** The agent as a process, registered over its `n`-th connection. */
async function started(folder: string, n: number) {
  const agent = lab.start(['agent', '--data-dir', folder, '--scheduler', scheduler.url, '--simulate-gpu', 'Test:24']);
  const connection = await until(`connection ${String(n)}`, () => scheduler.connections[n], STARTING_MS);
  const registration = await connection.accept();
  return { agent, connection, registration };
}

test('node killed: job ended, not acknowledged -> registration names the job again, same result sent', async () => {
  const folder = lab.dataDir('node');
  writeCommandModel(path.join(folder, 'models'), 'shout', { argv: SHOUT });
  const first = await started(folder, 0);
  first.connection.send(assignOf('j1'));
  const result = await resultOf(first.connection, 'j1');
  await first.agent.end('SIGKILL');

  const second = await started(folder, 1);
  expect(second.registration).toMatchObject({ node_id: 'node-1', active_jobs: [{ job_id: 'j1', attempt: 1 }] });
  expect(await resultOf(second.connection, 'j1')).toEqual(result);
  second.connection.send({ type: 'job_result_ack', job_id: 'j1', attempt: 1 });
  await until('the result file to be deleted', () => readdirSync(path.join(folder, 'results')).length === 0);
  await second.agent.end('SIGKILL');

  expect((await started(folder, 2)).registration.active_jobs).toBeUndefined();
});

test('node killed: interactive job ended, not acknowledged -> result was sent, not written, and is gone', async () => {
  const folder = lab.dataDir('node');
  writeCommandModel(path.join(folder, 'models'), 'shout', { argv: SHOUT });
  const first = await started(folder, 0);
  first.connection.send(assignOf('j1', {}, { interactive: true }));
  expect(await resultOf(first.connection, 'j1')).toMatchObject({ success: true });
  expect(readdirSync(path.join(folder, 'results'))).toEqual([]);
  await first.agent.end('SIGKILL');
  expect((await started(folder, 1)).registration.active_jobs).toBeUndefined();
});

/** A node whose streaming job has ended and is not acknowledged. The node is killed and restarted. */
async function killedAfterStream(fields: object = {}) {
  const runtime = await openVllm();
  try {
    const folder = lab.dataDir('node', `[runtimes]\nurls = ["${runtime.url.href}"]\n`);
    const first = await started(folder, 0);
    const task = { kind: 'openai', path: '/v1/chat/completions', body: { model: 'qwen', messages: [], stream: true } };
    first.connection.send({ ...assignOf('j1', {}, fields), task });
    const result = await resultOf(first.connection, 'j1');
    await first.agent.end('SIGKILL');
    const second = await started(folder, 1);
    expect(second.registration).toMatchObject({ active_jobs: [{ job_id: 'j1', attempt: 1 }] });
    return { before: result, after: await resultOf(second.connection, 'j1') };
  } finally {
    await runtime.close();
  }
}

test('node killed: stream ended, not acknowledged -> result says that the text is lost', async () => {
  const { before, after } = await killedAfterStream();
  expect(before).toMatchObject({ success: true, output: { status: 200, body: null, chunks: chatChunks.length } });
  expect(after).toMatchObject({ success: false, error: { code: 'stream_broken', details: { retryable: true } }, trace_id: 'trace-j1' });
});

test('node killed: kept stream ended -> whole text sent after the restart', async () => {
  const { before, after } = await killedAfterStream({ keep_stream: true });
  expect(before).toMatchObject({ success: true, output: { status: 200, body: null, chunks: chatChunks.length, events: chatChunks } });
  expect(after).toEqual(before);
});

test('node killed: job running -> new registration without the job, its program ended, slot free', async () => {
  const folder = lab.dataDir('node');
  const model = writeCommandModel(path.join(folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const first = await started(folder, 0);
  first.connection.send(assignOf('j1', { model_id: 'slow' }));
  const pid = await until('the program to run', () => pidIn(model));
  await first.agent.end('SIGKILL');

  const second = await started(folder, 1);
  expect(second.registration.active_jobs).toBeUndefined();
  await until('the program to end', () => process.platform !== 'linux' || !isAlive(pid));
  writeFileSync(path.join(model, 'go'), '');
  second.connection.send(assignOf('j1', { model_id: 'slow' }, { attempt: 2 }));
  expect(await resultOf(second.connection, 'j1')).toMatchObject({ attempt: 2, success: true });
});

test('node stopped: job running -> waits for the job, sends its result', async () => {
  const folder = lab.dataDir('node');
  const model = writeCommandModel(path.join(folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const { agent, connection } = await started(folder, 0);
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await until('the program to run', () => pidIn(model));
  agent.signal('SIGTERM');
  await until('the drain', () => connection.received.some(({ type }) => type === 'node_drain'));
  writeFileSync(path.join(model, 'go'), '');
  expect(await resultOf(connection, 'j1')).toMatchObject({ success: true });
  connection.send({ type: 'job_result_ack', job_id: 'j1', attempt: 1 });
  connection.ws.close(1001);
  expect(await agent.finished).toMatchObject({ code: 0 });
});

function pidIn(model: string): number | null {
  try {
    return Number(readFileSync(path.join(model, 'pids'), 'utf8').trim()) || null;
  } catch {
    return null;
  }
}
