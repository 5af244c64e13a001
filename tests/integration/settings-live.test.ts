// Settings of a running agent, changed in the configuration file: the node and its scheduler have the new values without a restart.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { agentSettings } from '../../src/main/agent/agent-settings';
import { systemClock } from '../../src/main/platform/clock';
import { loadConfig } from '../../src/main/platform/config/load-config';
import { silentLogger } from '../../src/main/platform/logger';
import { musterPaths } from '../../src/main/platform/paths';
import { SettingsService } from '../../src/main/settings/settings-service';
import type { NodeView } from '../../src/shared/api/node-view';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { sendRequest } from '../support/http-api';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { writeOld } from '../support/model-disk';
import { until } from '../support/until';

const bench = useAgentBench();
let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(() => scheduler.stop());

/** An agent with the settings of a file, connected to the scheduler, and the service that watches the file. */
async function openWith(toml: string): Promise<{ readonly agent: Agent; readonly service: SettingsService; readonly file: string }> {
  const file = path.join(bench().folder, 'config.toml');
  await writeFile(file, toml);
  const sources = { flags: {}, env: {}, configFile: file, explicitFile: true };
  const loaded = await loadConfig(sources);
  if (!loaded.ok) throw new Error(loaded.error.reason);
  const paths = musterPaths(bench().folder);
  const logger = { ...silentLogger, setLevel: () => undefined };
  const agent = await bench().open(agentSettings(loaded.value.config, paths));
  const service = new SettingsService({
    sources,
    loaded: loaded.value,
    paths,
    clock: systemClock,
    logger,
    hasAgent: true,
    hasSchedulerChild: false,
  });
  onTestFinished(() => {
    service.stop();
  });
  agent.connectTo({ url: scheduler.url.replace(/^http/, 'ws'), joinToken: null });
  await agent.start();
  await linkIs(agent, 'connected');
  await service.start({
    configureAgent: (config) => {
      agent.configure(agentSettings(config, paths));
    },
  });
  return { agent, service, file };
}

async function nodeWhen(what: string, is: (node: NodeView) => boolean): Promise<NodeView> {
  return until(what, async () => {
    bench().clock.advance(1000);
    const { nodes } = (await sendRequest(scheduler.port, { path: '/api/v1/nodes' })).json() as { nodes: NodeView[] };
    const [node] = nodes;
    return node !== undefined && is(node) ? node : null;
  });
}

test('settings: slots, limits, public jobs and name are changed -> the scheduler has them, the connection stays', async () => {
  const { agent, service } = await openWith('[runtimes]\nlook_for_local = false\n[agent] # mine\nname = "before" # n\n');
  const { node_id: nodeId } = agent.view();
  await nodeWhen('the first name', ({ name }) => name === 'before');
  await service.set([{ key: 'agent.max_concurrent_jobs', value: 9 }]);
  await service.set([{ key: 'agent.share', value: 'always' }]);
  await service.set([{ key: 'agent.limits.gpu_percent', value: 45 }]);
  await service.set([{ key: 'agent.accept_public_jobs', value: false }]);
  const node = await nodeWhen('the new slots and limits', (view) => view.max_concurrent_jobs === 9 && view.limits?.gpu_percent === 45);
  expect(node).toMatchObject({ accept_public_jobs: false, limits: { cpu_percent: null, set_by: { gpu: 'owner', cpu: 'owner' } } });
  await service.set([{ key: 'agent.name', value: '改名' }]);
  expect(await nodeWhen('the new name', ({ name }) => name === '改名')).toMatchObject({ node_id: nodeId });
  expect(agent.view()).toMatchObject({ name: '改名', accept_public_jobs: false });
  expect(
    bench()
      .lines.filter(({ event }) => event === 'link_changed')
      .map(({ fields }) => (fields as { to: string }).to),
  ).not.toContain('reconnecting');
});

test('settings: model folder and model server are added by hand in the file -> scanned and probed without a restart', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/v1/models' ? '{"object":"list","data":[{"id":"served-model","object":"model"}]}' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { agent, file } = await openWith('[runtimes]\nlook_for_local = false\n');
  const folder = path.join(bench().folder, 'more');
  mkdirSync(path.join(folder, 'm'), { recursive: true });
  writeOld(path.join(folder, 'm', 'model.bin'), 'good');
  const files = [{ path: 'model.bin', size: 4, sha256: createHash('sha256').update('good').digest('hex') }];
  writeFileSync(path.join(folder, 'm', 'muster-model.json'), JSON.stringify({ model_id: 'in-folder', kind: 'llm', version: '1', files }));
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    `${text}urls = ["http://127.0.0.1:${String(port)}"] # bench\n[agent]\nmodel_folders = [${JSON.stringify(folder)}]\n`,
  );
  const ids = await until('both models', () => {
    bench().clock.advance(1000);
    const found = agent.view().models.map(({ model_id: id }) => id);
    return found.length >= 2 ? found.toSorted() : null;
  });
  expect(ids).toEqual(['in-folder', 'served-model']);
  expect(agent.view().model_folders).toEqual([folder]);
  await writeFile(file, text);
  await until('no model', () => {
    bench().clock.advance(1000);
    return agent.view().models.length === 0;
  });
});
