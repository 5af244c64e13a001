import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configErrorText } from '../../../../src/main/platform/config/config-error';
import { CONFIG_PATHS, envNameOf } from '../../../../src/main/platform/config/keys';
import { loadConfig } from '../../../../src/main/platform/config/load-config';

const VALID_FILE = `# a comment
[server]
host = "0.0.0.0"
port = 7080
allowed_hosts = ["a", "b"]
[scheduler.load_balancer]
resource_threshold = 25.0
[scheduler.node_health]
heartbeat_interval_seconds = 0.2
[agent]
name = "box"
`;

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-config-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const load = async (toml: string, env: Record<string, string> = {}) => {
  const configFile = path.join(folder, `${String(++files)}-config.toml`);
  await writeFile(configFile, toml);
  return loadConfig({ flags: {}, env, configFile, explicitFile: true });
};

test('configuration file: damaged anywhere -> loaded or refused with file and line, never throws', async () => {
  const damage = fc.tuple(fc.nat(VALID_FILE.length), fc.nat(12), fc.string({ maxLength: 8, unit: 'grapheme' }));
  await fc.assert(
    fc.asyncProperty(damage, async ([at, length, put]) => {
      const outcome = await load(VALID_FILE.slice(0, at) + put + VALID_FILE.slice(at + length));
      if (!outcome.ok) expect(configErrorText(outcome.error)).toMatch(/config\.toml:\d+: /);
    }),
    { numRuns: 500 },
  );
});

test('environment variable: any text -> loaded or refused with its name', async () => {
  const variable = fc.tuple(fc.constantFrom(...CONFIG_PATHS.map(envNameOf)), fc.string());
  await fc.assert(
    fc.asyncProperty(variable, async ([name, value]) => {
      const outcome = await load('', { [name]: value });
      if (!outcome.ok) expect(configErrorText(outcome.error)).toContain(`${name}: `);
    }),
    { numRuns: 300 },
  );
});
