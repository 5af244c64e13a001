// Where commands look for the scheduler of this computer. The configuration has port 7080.
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publishAddress, schedulerHere } from '../../../src/main/cli/running-scheduler';
import { loadConfig } from '../../../src/main/platform/config/load-config';
import { musterPaths } from '../../../src/main/platform/paths';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-running-'));
  file = path.join(folder, 'scheduler.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const RUNNING = { host: '0.0.0.0', port: 9000 };
const CONFIGURED = { host: '127.0.0.1', port: 7080 };

async function found(flags: Readonly<Record<string, string>> = {}): Promise<object> {
  const paths = musterPaths(folder, {});
  const loaded = await loadConfig({ flags, env: {}, configFile: paths.configFile, explicitFile: false });
  if (!loaded.ok) throw new Error(loaded.error.code);
  return schedulerHere({ ...loaded.value, paths });
}

test('running scheduler: found where it listens until it stops; a flag comes first', async () => {
  const remove = await publishAddress(folder, RUNNING);
  expect([await found(), await found({ port: '9001' })]).toEqual([RUNNING, { host: '127.0.0.1', port: 9001 }]);
  remove();
  expect([await found(), existsSync(file)]).toEqual([CONFIGURED, false]);
});

test('running scheduler: another has started meanwhile -> its file stays', async () => {
  const remove = await publishAddress(folder, RUNNING);
  await publishAddress(folder, { ...RUNNING, port: 9001 });
  remove();
  expect(await found()).toEqual({ ...RUNNING, port: 9001 });
});

test('running scheduler: its process has ended, or the machine has started since -> the configuration', async () => {
  await publishAddress(folder, RUNNING);
  utimesSync(file, 1000, 1000);
  expect(await found()).toEqual(CONFIGURED);
  const content = JSON.parse(readFileSync(file, 'utf8')) as object;
  // No system gives this id.
  writeFileSync(file, JSON.stringify({ ...content, pid: 2 ** 30 }));
  expect(await found()).toEqual(CONFIGURED);
});

test.each([{ port: 0 }, { port: 65_536 }, { port: '9000' }, { host: '' }, { host: 'x'.repeat(300) }, { host: 'x'.repeat(5000) }])(
  'running scheduler: invalid content -> the configuration (%#)',
  async (fields) => {
    await publishAddress(folder, RUNNING);
    const content = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...content, ...fields }));
    expect(await found()).toEqual(CONFIGURED);
  },
);
