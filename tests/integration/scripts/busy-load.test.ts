// The load of `npm run test:repeat` ends with the tests.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { startLoad } from '../../../scripts/busy-load.mjs';
import { isAlive } from '../../support/process-tree';
import { until } from '../../support/until';
import { within } from '../../support/within';

const module = pathToFileURL(join(import.meta.dirname, '../../../scripts/busy-load.mjs')).href;

test('load: stopped -> its processes end', async () => {
  const load = startLoad(process.execPath, 2);
  expect(load.pids).toHaveLength(2);
  await within('the load to stop', load.stop());
  expect(load.pids.filter(isAlive)).toEqual([]);
});

test('load: the process that started it is killed -> its processes end', async () => {
  const program = `
    const { startLoad } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(startLoad(process.execPath, 1).pids));
    setInterval(() => undefined, 1000);
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await within(
    'the pids of the load',
    new Promise<string>((resolve) => createInterface({ input: owner.stdout }).once('line', resolve)),
  );
  const pids = JSON.parse(line) as readonly number[];
  expect(pids).toHaveLength(1);
  owner.kill('SIGKILL');
  await until('the load to end', () => !pids.some(isAlive), 20_000);
});
