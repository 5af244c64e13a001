import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentSettings } from '../../../src/main/agent/agent-settings';
import { loadConfig } from '../../../src/main/platform/config/load-config';
import { musterPaths } from '../../../src/main/platform/paths';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-settings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function settings(env: Record<string, string>) {
  const loaded = await loadConfig({ flags: {}, env, configFile: path.join(folder, 'config.toml'), explicitFile: false });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return agentSettings(loaded.value.config, musterPaths(folder));
}

const modelFolders = async (env: Record<string, string>): Promise<readonly string[]> => (await settings(env)).modelFolders;

test.each<[string, Record<string, string>, (folder: string) => string[]]>([
  ['model folders: no simulated GPU -> configured folders unchanged', {}, () => []],
  [
    'model folders: simulated GPU, none configured -> default folder and simulated models',
    { MUSTER_AGENT_SIMULATE_GPU: 'X:8' },
    (at) => [path.join(at, 'models'), path.join(at, 'simulated-models')],
  ],
  [
    'model folders: simulated GPU, one configured -> that folder and simulated models',
    { MUSTER_AGENT_SIMULATE_GPU: 'X:8', MUSTER_AGENT_MODEL_FOLDERS: '/a' },
    (at) => ['/a', path.join(at, 'simulated-models')],
  ],
])('%s', async (_title, env, expected) => {
  expect(await modelFolders(env)).toEqual(expected(folder));
});

test('model folders: simulated GPU, owner has a model -> no simulated model, so that damage to the own model shows', async () => {
  mkdirSync(path.join(folder, 'models', 'own'), { recursive: true });
  writeFileSync(path.join(folder, 'models', 'own', 'muster-model.json'), '{}');
  expect(await modelFolders({ MUSTER_AGENT_SIMULATE_GPU: 'X:8' })).toEqual([]);
});

test('measureModels: false by default, true when configured', async () => {
  expect([(await settings({})).measureModels, (await settings({ MUSTER_RUNTIMES_MEASURE_MODELS: 'true' })).measureModels]).toEqual([
    false,
    true,
  ]);
});
