// The downloads of the owner on a real disk.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DownloadsFile } from '../../../../src/main/runtimes/pulls/downloads-file';

let folder: string;
let logged: unknown[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-downloads-'));
  logged = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = () => path.join(folder, 'downloads.json');
const kept = (at = file()) =>
  new DownloadsFile(at, {
    log: (level, event, fields) => logged.push([level, event, fields?.['reason']]),
    isEnabled: () => true,
  });
const NOTHING = { requested: [], paused: [] };

test('downloads file: no file -> no downloads; written several times -> the last state, read at the next start', async () => {
  const downloads = kept();
  expect(downloads.read()).toEqual(NOTHING);
  for (const requested of [['a:latest'], ['a:latest', 'b:1'], ['b:1']]) downloads.write({ requested, paused: ['b:1'] });
  await downloads.written();
  expect([kept().read(), logged]).toEqual([{ requested: ['b:1'], paused: ['b:1'] }, []]);
});

test.each([
  ['not JSON', '{'],
  ['another form', '{"requested":"a"}'],
  ['a name that is no model', '{"requested":[""],"paused":[]}'],
  ['too many', JSON.stringify({ requested: Array.from({ length: 65 }, (_, i) => `m${String(i)}`), paused: [] })],
  ['too large', ' '.repeat(70_000)],
])('downloads file: %s -> no downloads, logged', (_title, content) => {
  writeFileSync(file(), content);
  expect(kept().read()).toEqual(NOTHING);
  expect(logged).toEqual([['warn', 'downloads_unreadable', expect.any(String)]]);
});

test('downloads file: the disk refuses -> logged', async () => {
  writeFileSync(path.join(folder, 'full'), '');
  const downloads = kept(path.join(folder, 'full', 'downloads.json'));
  downloads.write(NOTHING);
  await downloads.written();
  expect(logged).toEqual([['warn', 'downloads_not_saved', expect.any(String)]]);
});
