// The owner of a computer without a GPU looks around with a simulated one. A real agent with scripted hardware, and scripted schedulers
// over real sockets.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { assignOf, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { isAlive } from '../support/process-tree';
import { ScriptedScheduler } from '../support/scripted-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
const gpusOf = ({ hardware }: { readonly hardware: { readonly gpus: readonly object[] } }) => hardware.gpus;
const SIMULATED = [expect.objectContaining({ name: 'Simulated GPU', memory_gb: 24, simulated: true })];

test('refused without a GPU -> simulated: registers a marked GPU and a model; ended: the real hardware, and refused again', async () => {
  const { hardware, scheduler } = bench();
  hardware.adapters = [];
  const agent = await bench().started();
  const connection = await scheduler.connection(0);
  expect(gpusOf(await connection.next('node_register'))).toEqual([]);
  connection.refuse('NO_GPU_AVAILABLE');
  await linkIs(agent, 'refused');
  expect(agent.view()).toMatchObject({ simulated: false, simulation: 'off' });

  expect(await agent.simulate(true)).toMatchObject({ ok: true });
  const again = await scheduler.connection(1);
  expect(gpusOf(await again.accept())).toEqual(SIMULATED);
  expect(agent.view()).toMatchObject({ simulated: true, simulation: 'owner', models: [{ model_id: 'simulated-model' }] });
  expect(agent.offerGpu({ key: 'simulated-0', vram_limit_gb: 12 })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_STATE', details: { reason: 'simulated_by_owner' } },
  });

  expect(await agent.simulate(false)).toMatchObject({ ok: true });
  expect(agent.view()).toMatchObject({ simulated: false, simulation: 'off', models: [], hardware: { gpus: [] } });
  expect(gpusOf(await (await scheduler.connection(2)).next('node_register'))).toEqual([]);
  expect(again.closeCode).not.toBeNull();
});

test('ended, and another pool at once -> that pool gets only the real hardware', async () => {
  const { hardware, scheduler } = bench();
  const agent = await bench().started();
  await (await scheduler.connection(0)).accept();
  await agent.simulate(true);
  const other = await ScriptedScheduler.open();
  onTestFinished(() => other.close());
  let release = (): void => undefined;
  hardware.hold = new Promise((resolve) => {
    release = resolve;
  });
  const ended = agent.simulate(false);
  agent.connectTo({ url: scheduler.url, joinToken: null });
  agent.connectTo({ url: other.url, joinToken: null });
  expect(other.upgrades).toEqual([]);
  hardware.hold = null;
  release();
  await ended;
  expect(gpusOf(await (await other.connection(0)).next('node_register'))).toEqual([expect.objectContaining({ name: 'Test GPU' })]);
});

test('begun during a job, and another pool meanwhile -> the job of the old pool is stopped', async () => {
  const { folder, hardware, scheduler } = bench();
  const model = writeCommandModel(path.join(folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
  const agent = await bench().connected();
  const connection = await scheduler.connection(0);
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await connection.next('job_accepted');
  const pids = path.join(model, 'pids');
  const pid = await until('the program to run', () => (existsSync(pids) ? Number(readFileSync(pids, 'utf8')) : 0) || null);
  const other = await ScriptedScheduler.open();
  onTestFinished(() => other.close());
  const held = Promise.withResolvers<undefined>();
  hardware.hold = held.promise;
  const begun = agent.simulate(true);
  agent.connectTo({ url: other.url, joinToken: null });
  hardware.hold = null;
  held.resolve(undefined);
  await begun;
  await (await other.connection(0)).accept();
  await until('the program to end', () => !isAlive(pid));
  await until('no job to run', () => agent.view().running_jobs === 0);
});

test('a setting simulates -> the owner cannot end it here', async () => {
  const agent = await bench().open({ simulatedBySetting: true });
  expect(agent.view().simulation).toBe('setting');
  expect(await agent.simulate(false)).toMatchObject({ ok: false, error: { details: { reason: 'simulated_by_setting' } } });
});
