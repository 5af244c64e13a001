import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomic } from '../../../src/main/platform/atomic-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-atomic-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('atomic write: creates the folder, sets the mode, replaces an existing file', async () => {
  const file = path.join(folder, 'a', 'b', 'state.json');
  writeFileAtomic(file, 'one');
  writeFileAtomic(file, 'two');
  expect(await readFile(file, 'utf8')).toBe('two');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

test('atomic write: onlyIfAbsent and the file exists -> EEXIST, file unchanged', async () => {
  const file = path.join(folder, 'token');
  await writeFile(file, 'old');
  expect(() => {
    writeFileAtomic(file, 'new', { onlyIfAbsent: true });
  }).toThrow('EEXIST');
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['token']);
});

test('atomic write: rename fails -> throws, no temporary file left', async () => {
  await mkdir(path.join(folder, 'taken', 'full'), { recursive: true });
  expect(() => {
    writeFileAtomic(path.join(folder, 'taken'), 'x');
  }).toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});
