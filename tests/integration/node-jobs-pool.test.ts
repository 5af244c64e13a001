// Jobs in a pool of real processes that are killed one by one: every job ends once, and no process of a job is left.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import { sendRequest } from '../support/http-api';
import { SHOUT, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { jobOf, submitted } from '../support/job-pool';
import { type MusterProcess, MusterLab, QUICK_AGENT } from '../support/muster-process';
import { isAlive } from '../support/process-tree';
import { until } from '../support/until';

const config = (port: number) => `
[server]
port = ${String(port)}
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 4
`;
const WAIT_LIMIT_MS = 20_000;

let lab: MusterLab;
beforeEach(() => {
  lab = new MusterLab();
});
afterEach(() => lab.close());

const startAgent = (folder: string, url: string) =>
  lab.start(['agent', '--data-dir', folder, '--scheduler', url, '--simulate-gpu', 'Test:24'], QUICK_AGENT);

async function pool() {
  const schedulerDir = lab.dataDir('scheduler', config(0));
  const scheduler = lab.start(['scheduler', '--data-dir', schedulerDir]);
  const url = await scheduler.url();
  const folder = lab.dataDir('node');
  const slow = writeCommandModel(path.join(folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  writeCommandModel(path.join(folder, 'models'), 'shout', { argv: SHOUT });
  const agent = startAgent(folder, url);
  await scheduler.line('node_status_changed', { to: 'ready' });
  return { scheduler, schedulerDir, url, port: Number(new URL(url).port), folder, slow, agent };
}

const submitTo = (port: number, model_id: string) => submitted(port, { task: { kind: 'command', model_id, input: 'hello' } });
const jobIs = (port: number, id: string, status: JobView['status']) =>
  until(
    `${id} to be ${status}`,
    async () => {
      const job = await jobOf(port, id).catch(() => null);
      return job?.status === status ? job : null;
    },
    WAIT_LIMIT_MS,
  );
const pidsIn = (slow: string) =>
  existsSync(path.join(slow, 'pids')) ? readFileSync(path.join(slow, 'pids'), 'utf8').trim().split('\n').map(Number) : [];
const runs = (slow: string, times: number) => until(`run ${String(times)}`, () => pidsIn(slow)[times - 1], WAIT_LIMIT_MS);
const go = (slow: string) => {
  writeFileSync(path.join(slow, 'go'), '');
};
const hasEnded = (pid: number) => until('the program to end', () => !isAlive(pid));
const kill = (victim: MusterProcess) => victim.end('SIGKILL');

test('node killed: job running -> runs again when the node is back, ends once', async () => {
  const { port, url, folder, slow, agent } = await pool();
  const id = await submitTo(port, 'slow');
  const pid = await runs(slow, 1);
  await kill(agent);
  startAgent(folder, url);
  await runs(slow, 2);
  expect(isAlive(pid)).toBe(false);
  go(slow);
  expect(await jobIs(port, id, 'succeeded')).toMatchObject({
    attempts: [
      { attempt: 1, outcome: 'node_lost' },
      { attempt: 2, outcome: 'succeeded' },
    ],
    result: { attempt: 2, output: { text: 'hello' } },
  });
});

test('scheduler killed: job running -> job goes on, one result recorded after the restart', async () => {
  const { scheduler, schedulerDir, port, folder, slow } = await pool();
  const id = await submitTo(port, 'slow');
  await runs(slow, 1);
  await jobIs(port, id, 'running');
  await kill(scheduler);
  go(slow);
  await until('the result to be kept', () => existsSync(path.join(folder, 'results')) && resultsIn(folder) === 1);
  writeFileSync(path.join(schedulerDir, 'config.toml'), config(port));
  lab.start(['scheduler', '--data-dir', schedulerDir]);
  expect(await jobIs(port, id, 'succeeded')).toMatchObject({
    attempts: [{ attempt: 1, outcome: 'succeeded' }],
    result: { output: { text: 'hello' } },
  });
  await until('the result file to be deleted', () => resultsIn(folder) === 0, WAIT_LIMIT_MS);
  expect(pidsIn(slow)).toHaveLength(1);
});

test('job cancelled: running -> stopped on its node, slot free at once', async () => {
  const { port, slow } = await pool();
  const id = await submitTo(port, 'slow');
  const pid = await runs(slow, 1);
  expect((await sendRequest(port, { method: 'DELETE', path: `/api/v1/jobs/${id}` })).status).toBe(200);
  await hasEnded(pid);
  expect(await jobIs(port, await submitTo(port, 'shout'), 'succeeded')).toMatchObject({ result: { output: { text: 'HELLO' } } });
  expect((await jobOf(port, id)).status).toBe('cancelled');
});

test('program of a model removed: job waits -> model in error within seconds, job runs when the program is back', async () => {
  const { port, folder } = await pool();
  const program = path.join(folder, 'models', 'shout', 'run.sh');
  const write = () => {
    writeFileSync(program, '#!/bin/sh\ntr a-z A-Z\n', { mode: 0o755 });
  };
  write();
  writeCommandModel(path.join(folder, 'models'), 'shout', { argv: ['./run.sh'] });
  expect(await jobIs(port, await submitTo(port, 'shout'), 'succeeded')).toMatchObject({ result: { output: { text: 'HELLO' } } });
  rmSync(program);
  const stateIs = (state: string) =>
    until(
      `the model to be ${state}`,
      async () => {
        const { nodes } = (await sendRequest(port, { path: '/api/v1/nodes' })).json() as { readonly nodes: readonly { node_id: string }[] };
        // The list leaves the models out.
        const { text } = await sendRequest(port, { path: `/api/v1/nodes/${nodes[0]?.node_id ?? ''}` });
        return text.includes(`"shout":"${state}"`);
      },
      WAIT_LIMIT_MS,
    );
  await stateIs('error');
  const id = await submitTo(port, 'shout');
  expect(await jobOf(port, id)).toMatchObject({ status: 'queued', attempts: [] });
  write();
  expect(await jobIs(port, id, 'succeeded')).toMatchObject({ attempts: [{ attempt: 1 }] });
});

test('simulated GPU on a fresh machine: job for the simulated model -> its input as the result', async () => {
  const alone = lab.start(['pool', '--data-dir', lab.dataDir('fresh', config(0), { models: false }), '--simulate-gpu', 'Test:24']);
  const port = Number(new URL(await alone.url()).port);
  await alone.line('node_status_changed', { to: 'ready' });
  const id = await submitTo(port, 'simulated-model');
  expect(await jobIs(port, id, 'succeeded')).toMatchObject({ result: { output: { content_type: 'text/plain', text: 'hello' } } });
});

function resultsIn(folder: string): number {
  return readdirSync(path.join(folder, 'results')).filter((name) => name.endsWith('.json')).length;
}
