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

test('a file is written with its mode into a folder that was not there, and replaced later', async () => {
  const file = path.join(folder, 'a', 'b', 'state.json');
  writeFileAtomic(file, 'one');
  writeFileAtomic(file, 'two');
  expect(await readFile(file, 'utf8')).toBe('two');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

test('a file that is there stays as it is when only an absent one is to be written', async () => {
  const file = path.join(folder, 'token');
  await writeFile(file, 'old');
  expect(() => {
    writeFileAtomic(file, 'new', { onlyIfAbsent: true });
  }).toThrow('EEXIST');
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['token']);
});

test('where the file cannot be put, it throws and leaves no draft', async () => {
  await mkdir(path.join(folder, 'taken', 'full'), { recursive: true });
  expect(() => {
    writeFileAtomic(path.join(folder, 'taken'), 'x');
  }).toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});
