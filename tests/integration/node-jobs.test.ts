// Jobs on a node with real programs, and a scripted scheduler over real sockets.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { assignOf, resultOf, SHOUT, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { isAlive } from '../support/process-tree';
import { type ScriptedConnection, ScriptedScheduler, statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
const models = () => path.join(bench().folder, 'models');
const spooled = () => readdirSync(path.join(bench().folder, 'results'));
const ackOfResult = (jobId: string, attempt = 1) => ({ type: 'job_result_ack', job_id: jobId, attempt });

async function connected() {
  const agent = await bench().connected();
  return { agent, connection: await bench().scheduler.connection(0) };
}

/** With a model `slow` that waits, and one running job on it. */
async function busy(fields: object = {}) {
  const folder = writeCommandModel(models(), 'slow', { argv: WAIT_FOR_GO });
  writeCommandModel(models(), 'shout', { argv: SHOUT });
  const { agent, connection } = await connected();
  connection.send(assignOf('j1', { model_id: 'slow' }, fields));
  await connection.next('job_accepted');
  const pid = await until('the program to run', () => Number(readIfThere(path.join(folder, 'pids'))) || null);
  const go = () => {
    writeFileSync(path.join(folder, 'go'), '');
  };
  return { agent, connection, folder, pid, go };
}

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
};
const hasEnded = (pid: number) => until('the program to end', () => !isAlive(pid));
const countOf = (connection: ScriptedConnection, type: string) => connection.received.filter((message) => message.type === type).length;

/** The node reconnects. Resolves to its registration. */
async function reconnected(connection: ScriptedConnection) {
  connection.ws.terminate();
  const agent = bench().agents[0];
  if (agent === undefined) throw new Error('no agent');
  await linkIs(agent, 'reconnecting');
  bench().clock.advance(1000);
  const next = await bench().scheduler.connection(bench().scheduler.connections.length === 1 ? 1 : 2);
  const registration = await next.accept();
  return { next, registration };
}

test('job: assigned -> accepted, run by the command of the model, result on the disk until it is acknowledged', async () => {
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
    timings: { queue_ms: expect.any(Number) as number, input_units: 5 },
    trace_id: 'trace-j1',
  });
  expect(spooled()).toHaveLength(1);
  expect(statSync(path.join(bench().folder, 'results', spooled()[0] ?? '')).mode & 0o777).toBe(0o600);
  connection.send(ackOfResult('j1'));
  await until('the result file to be deleted', () => spooled().length === 0);
  expect(agent.view().running_jobs).toBe(0);
});

test('log: job runs -> no line holds its content', async () => {
  writeCommandModel(models(), 'shout', { argv: ['/bin/sh', '-c', 'cat; cat >&2; exit 1'] });
  const { connection } = await connected();
  connection.send(assignOf('j1', { input: 'a very private matter' }));
  expect(await resultOf(connection, 'j1')).toMatchObject({
    success: false,
    error: { code: 'command_failed', details: { retryable: true } },
  });
  await until('the end to be logged', () => bench().lines.some(({ event }) => event === 'job_ended'));
  expect(bench().lines.map(({ event }) => event)).toContain('job_started');
  expect(JSON.stringify(bench().lines)).not.toContain('private matter');
});

describe('assignment', () => {
  test('sent twice -> accepted twice, run once', async () => {
    const { connection, go, folder } = await busy();
    connection.send(assignOf('j1', { model_id: 'slow' }));
    await connection.next('job_accepted');
    go();
    await resultOf(connection, 'j1');
    connection.send(assignOf('j1', { model_id: 'slow' }));
    await until('the result to be sent again', () => countOf(connection, 'job_result') === 2);
    expect(readFileSync(path.join(folder, 'pids'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  test('over the capacity -> refused; slot free -> accepted', async () => {
    const { connection, go } = await busy();
    connection.send(assignOf('j2', { model_id: 'slow' }));
    await connection.next('job_accepted');
    connection.send(assignOf('j3'));
    expect(await resultOf(connection, 'j3')).toMatchObject({
      success: false,
      error: { code: 'capacity', details: { limit: 2, retryable: true } },
    });
    go();
    await resultOf(connection, 'j1');
    await resultOf(connection, 'j2');
    connection.send(assignOf('j4'));
    expect(await resultOf(connection, 'j4')).toMatchObject({ success: true });
  });

  test('newer attempt -> older one stopped; older attempt -> refused', async () => {
    const { connection, pid, folder, go } = await busy();
    connection.send(assignOf('j1', { model_id: 'slow' }, { attempt: 3 }));
    await hasEnded(pid);
    await until('the newer attempt to run', () => Number(readIfThere(path.join(folder, 'pids'))) !== pid);
    connection.send(assignOf('j1', { model_id: 'slow' }, { attempt: 2 }));
    expect(await resultOf(connection, 'j1')).toMatchObject({
      attempt: 2,
      error: { code: 'stale_attempt', details: { newest_attempt: 3 } },
    });
    go();
    const result = await until('the result of the job', () =>
      connection.received.find((message) => message.type === 'job_result' && message.attempt === 3),
    );
    expect(result).toMatchObject({ success: true });
    expect(connection.received.some((message) => message.type === 'job_result' && message.attempt === 1)).toBe(false);
  });

  test('model that is missing or that nothing runs -> refused', async () => {
    writeFileSync(
      path.join(writeCommandModel(models(), 'mute', {}), 'muster-model.json'),
      JSON.stringify({ model_id: 'mute', kind: 'llm', version: '1', files: [], process: 'p' }),
    );
    const { connection } = await connected();
    connection.send(assignOf('j1', { model_id: 'nowhere' }));
    connection.send(assignOf('j2', { model_id: 'mute' }));
    expect(await resultOf(connection, 'j1')).toMatchObject({ error: { code: 'unknown_model', details: { retryable: true } } });
    expect(await resultOf(connection, 'j2')).toMatchObject({ error: { code: 'no_runtime', details: { retryable: true } } });
  });
});

describe('running job', () => {
  test('start and end -> heartbeat within a second with the count', async () => {
    const { connection, go } = await busy();
    const beats = () =>
      connection.received.flatMap((message) => (message.type === 'node_heartbeat' ? [message.resource_usage.running_jobs] : []));
    bench().clock.advance(1000);
    await until('a heartbeat', () => beats().at(-1) === 1);
    go();
    await resultOf(connection, 'j1');
    await until('the job to be over', () => bench().lines.some(({ event }) => event === 'job_ended'));
    bench().clock.advance(1000);
    await until('a heartbeat', () => beats().at(-1) === 0);
  });

  test('reconnect -> named in the registration, result on the new connection', async () => {
    const { connection, go } = await busy();
    const { next, registration } = await reconnected(connection);
    expect(registration.active_jobs).toEqual([{ job_id: 'j1', attempt: 1 }]);
    go();
    expect(await resultOf(next, 'j1')).toMatchObject({ success: true, output: { text: 'hello' } });
  });

  test('cancelled -> all its processes stopped, result has the code', async () => {
    const { connection, pid } = await busy();
    connection.send({ type: 'job_cancel', job_id: 'j1', attempt: 2, reason: 'another attempt' });
    connection.send({ type: 'job_cancel', job_id: 'j1', attempt: 1, reason: 'submitter' });
    expect(await resultOf(connection, 'j1')).toMatchObject({ success: false, error: { code: 'cancelled', details: { retryable: false } } });
    await hasEnded(pid);
  });

  test('timeout -> stopped', async () => {
    const { connection, pid } = await busy({ timeout_seconds: 20 });
    bench().clock.advance(20_000);
    expect(await resultOf(connection, 'j1')).toMatchObject({
      error: { code: 'timeout', details: { timeout_seconds: 20, retryable: true } },
    });
    await hasEnded(pid);
  });

  test('owner leaves the pool -> stopped after unregistering, not reported to the next pool', async () => {
    const { agent, connection, pid } = await busy();
    const other = await ScriptedScheduler.open();
    agent.connectTo({ url: other.url, joinToken: null });
    await until('the node_unregister', () => countOf(connection, 'node_unregister') === 1);
    await hasEnded(pid);
    const next = await other.connection(0);
    expect((await next.accept({ node_id: 'node-9' })).active_jobs).toBeUndefined();
    next.send(assignOf('k1'));
    expect(await resultOf(next, 'k1')).toMatchObject({ success: true, node_id: 'node-9' });
    expect(countOf(next, 'job_result')).toBe(1);
    await other.close();
  });

  test.each([
    ['removed by an operator', 4003],
    ['replaced by another connection', 4002],
  ])('node %s -> stopped', async (_who, code) => {
    const { agent, connection, pid } = await busy();
    connection.ws.close(code, 'test');
    await linkIs(agent, 'refused');
    await hasEnded(pid);
    expect(spooled()).toEqual([]);
  });

  test('agent stops -> may finish until the deadline, nothing new starts', async () => {
    const { agent, connection, go } = await busy();
    const stopped = agent.stop({ timeoutMs: 10_000 });
    await until('the drain', () => countOf(connection, 'node_drain') === 1);
    connection.send(assignOf('j2'));
    expect(await resultOf(connection, 'j2')).toMatchObject({ error: { code: 'node_stopping', details: { retryable: true } } });
    go();
    expect(await resultOf(connection, 'j1')).toMatchObject({ success: true });
    connection.send(ackOfResult('j1'));
    await until('the result file to be deleted', () => spooled().length === 0);
    connection.send(statusOf({ status: 'offline', reason_code: 'drain_complete' }));
    await stopped;
  });

  test('agent stops, deadline passed -> stopped', async () => {
    const { agent, connection, pid } = await busy();
    const stopped = agent.stop({ timeoutMs: 5000 });
    await until('the drain', () => countOf(connection, 'node_drain') === 1);
    bench().clock.advance(5000);
    await stopped;
    await hasEnded(pid);
    expect(spooled()).toEqual([]);
  });
});

describe('finished job', () => {
  test('result not acknowledged -> named and sent again on the next connection', async () => {
    const { connection, go } = await busy();
    go();
    await resultOf(connection, 'j1');
    const { next, registration } = await reconnected(connection);
    expect(registration.active_jobs).toEqual([{ job_id: 'j1', attempt: 1 }]);
    expect(await resultOf(next, 'j1')).toMatchObject({ success: true, output: { text: 'hello' } });
    next.send(ackOfResult('j1'));
    await until('the result file to be deleted', () => spooled().length === 0);
    const third = await reconnected(next);
    expect(third.registration.active_jobs).toBeUndefined();
  });

  test('result never acknowledged -> sent again every 30 s', async () => {
    const { connection, go } = await busy();
    go();
    await resultOf(connection, 'j1');
    await until('the result to be sent again', () => {
      bench().clock.advance(1000);
      connection.ws.ping();
      return countOf(connection, 'job_result') === 2;
    });
  });

  test('node id taken by another node -> result not sent', async () => {
    const { connection, go, agent } = await busy();
    go();
    await resultOf(connection, 'j1');
    connection.ws.terminate();
    await linkIs(agent, 'reconnecting');
    bench().clock.advance(1000);
    const next = await bench().scheduler.connection(1);
    await next.next('node_register');
    next.refuse('NODE_ID_CONFLICT');
    const again = await next.accept({ node_id: 'node-2' });
    expect(again.active_jobs).toBeUndefined();
    await until('the result to be dropped', () => spooled().length === 0);
    expect(countOf(next, 'job_result')).toBe(0);
  });

  test('result cannot be written -> sent all the same, log line', async () => {
    writeCommandModel(models(), 'shout', { argv: SHOUT });
    writeFileSync(path.join(bench().folder, 'results'), 'a file where a folder should be');
    const { connection } = await connected();
    connection.send(assignOf('j1'));
    expect(await resultOf(connection, 'j1')).toMatchObject({ success: true, output: { text: 'HELLO' } });
    expect(bench().lines.filter(({ event }) => event === 'result_not_saved')).toMatchObject([
      { level: 'error', fields: { job_id: 'j1', reason: 'EEXIST' } },
    ]);
    expect(bench().lines.filter(({ event }) => event === 'results_not_saved')).toHaveLength(1);
    const { next, registration } = await reconnected(connection);
    expect(registration.active_jobs).toEqual([{ job_id: 'j1', attempt: 1 }]);
    expect(await resultOf(next, 'j1')).toMatchObject({ success: true, output: { text: 'HELLO' } });
    rmSync(path.join(bench().folder, 'results'));
    bench().clock.advance(30_000);
    await until('the result to be written', () => bench().lines.some(({ event }) => event === 'result_saved'));
    expect(spooled()).toHaveLength(1);
  });
});
