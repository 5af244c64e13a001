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
  ['real hardware keeps the configured folders, none meaning the default one', {}, () => []],
  [
    'a simulated GPU adds its model to the default folder',
    { MUSTER_AGENT_SIMULATE_GPU: 'X:8' },
    (at) => [path.join(at, 'models'), path.join(at, 'simulated-models')],
  ],
  [
    'a simulated GPU adds its model to the configured folders',
    { MUSTER_AGENT_SIMULATE_GPU: 'X:8', MUSTER_AGENT_MODEL_FOLDERS: '/a' },
    (at) => ['/a', path.join(at, 'simulated-models')],
  ],
])('%s', async (_title, env, expected) => {
  expect(await modelFolders(env)).toEqual(expected(folder));
});

test('a simulated GPU adds no model where the owner has one: breaking that one must show', async () => {
  mkdirSync(path.join(folder, 'models', 'own'), { recursive: true });
  writeFileSync(path.join(folder, 'models', 'own', 'muster-model.json'), '{}');
  expect(await modelFolders({ MUSTER_AGENT_SIMULATE_GPU: 'X:8' })).toEqual([]);
});

test('models are measured only where the configuration wishes it', async () => {
  expect([(await settings({})).measureModels, (await settings({ MUSTER_RUNTIMES_MEASURE_MODELS: 'true' })).measureModels]).toEqual([
    false,
    true,
  ]);
});
