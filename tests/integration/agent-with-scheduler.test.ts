// A real agent and a real scheduler in one process over real sockets, each with a manual clock.
import { createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { systemClock } from '../../src/main/platform/clock';
import { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import type { NodeView } from '../../src/shared/api/node-view';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { gpu } from '../support/fake-hardware';
import { sendRequest } from '../support/http-api';
import { writeOld } from '../support/model-disk';
import { LM_V1, openLmStudio } from '../support/stand-ins/lm-studio';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(() => scheduler.stop());

async function join(agent: Agent): Promise<void> {
  agent.connectTo({ url: scheduler.url.replace(/^http/, 'ws'), joinToken: null });
  await agent.start();
  await linkIs(agent, 'connected');
}

const statusIs = (agent: Agent, status: string) => until(`the status ${status}`, () => agent.view().node_status?.message.status === status);

/** Moves the clock of the node, heartbeat by heartbeat, until the scheduler sets this status. */
const beatUntil = (agent: Agent, status: string) =>
  until(`the status ${status}`, () => {
    if (agent.view().node_status?.message.status === status) return true;
    bench().clock.advance(3000);
    return false;
  });

/** Writes a model of one file and returns the path of that file. */
function installModel(content: string): string {
  const folder = path.join(bench().folder, 'models', 'm');
  const file = path.join(folder, 'model.bin');
  writeOld(file, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const files = [{ path: 'model.bin', size: content.length, sha256 }];
  writeFileSync(path.join(folder, 'muster-model.json'), JSON.stringify({ model_id: 'm', kind: 'llm', version: '1', files }));
  return file;
}

test('node: warm-up, broken model, repaired model -> ready, degraded, ready, with the reasons in the view', async () => {
  const file = installModel('good');
  const agent = await bench().open();
  await join(agent);
  await beatUntil(agent, 'ready');
  expect(agent.view().node_status?.message).toMatchObject({ reason_code: 'health_check_passed', health: { ok: true } });
  writeOld(file, 'evil', 2000);
  await beatUntil(agent, 'degraded');
  expect(agent.view().node_status?.message.health.failed_checks).toMatchObject([{ check: 'models', code: 'model_not_ready' }]);
  expect(agent.view().models).toMatchObject([{ state: 'error', reason_code: 'checksum_differs' }]);
  writeOld(file, 'good', 3000);
  await beatUntil(agent, 'ready');
});

test('node: runtime lists a model that is not loaded -> node ready, model shown as not loaded', async () => {
  const lmStudio = await openLmStudio();
  try {
    const runtime = new HttpRuntime({ url: lmStudio.url, named: false, apiKeyFile: null, clock: systemClock, maxOutputBytes: 1_000_000 });
    const agent = await bench().open({ runtimes: [runtime] });
    await join(agent);
    await beatUntil(agent, 'ready');
    expect(scheduler.log.of('node_status_changed').map(({ to }) => to)).toEqual(['registering', 'ready']);
    const [loaded, notLoaded] = LM_V1.models.map(({ key }) => key);
    const views = await until('the pool to know both', async () => {
      bench().clock.advance(1000);
      const { nodes } = (await sendRequest(scheduler.port, { path: '/api/v1/nodes' })).json() as { nodes: readonly NodeView[] };
      const node = (await sendRequest(scheduler.port, { path: `/api/v1/nodes/${nodes[0]?.node_id ?? ''}` })).json() as NodeView;
      return node.installed_models?.length === 2 ? node : null;
    });
    expect(views).toMatchObject({
      status: 'ready',
      installed_models: [
        { model_id: loaded, enabled: true },
        { model_id: notLoaded, enabled: true },
      ],
      capability_state: { [String(loaded)]: 'ready', [String(notLoaded)]: 'not_installed' },
    });
  } finally {
    await lmStudio.close();
  }
});

test('node: no GPU -> refused; GPU added -> accepted', async () => {
  bench().hardware.adapters = [];
  const agent = await bench().open();
  agent.connectTo({ url: scheduler.url.replace(/^http/, 'ws'), joinToken: null });
  await agent.start();
  expect(await linkIs(agent, 'refused')).toMatchObject({ code: 'NO_GPU_AVAILABLE', details: { field: 'hardware.gpus' } });
  bench().hardware.adapters = [gpu()];
  await agent.recheck();
  await linkIs(agent, 'connected');
});

test('agent: stopped, started -> drained, same node', async () => {
  const first = await bench().open();
  await join(first);
  const nodeId = first.view().node_id;
  await first.stop({ timeoutMs: 5000 });
  expect(scheduler.log.of('node_status_changed').at(-1)).toMatchObject({ to: 'offline', reason_code: 'drain_complete' });
  const second = await bench().open();
  await join(second);
  await statusIs(second, 'registering');
  expect(second.view().node_id).toBe(nodeId);
});

test('node: left the pool, joins again -> same id', async () => {
  const agent = await bench().open();
  await join(agent);
  const nodeId = agent.view().node_id;
  agent.connectTo(null);
  await join(agent);
  expect(agent.view()).toMatchObject({ node_id: nodeId, notices: [] });
});

test('node: second agent with the same identity on one machine -> first one replaced, does not reconnect, shows the reason', async () => {
  const first = await bench().open();
  await join(first);
  const stateDir = path.join(bench().folder, 'copy');
  cpSync(path.join(bench().folder, 'identity.json'), path.join(stateDir, 'identity.json'));
  const second = await bench().open({ stateDir, identityFile: path.join(stateDir, 'identity.json') });
  await join(second);
  expect(await linkIs(first, 'refused')).toMatchObject({ code: 'REPLACED' });
  expect(first.view().notices).toMatchObject([{ code: 'replaced_by_newer_connection' }]);
});

test('scheduler: new database -> node accepted with its old id', async () => {
  const agent = await bench().open();
  await join(agent);
  const nodeId = agent.view().node_id;
  const { port } = scheduler;
  await scheduler.stop();
  expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'scheduler_stopping' });
  scheduler = await startTestScheduler({ server: { port } });
  bench().clock.advance(1000);
  await linkIs(agent, 'connected');
  expect(agent.view()).toMatchObject({ node_id: nodeId, notices: [] });
});
