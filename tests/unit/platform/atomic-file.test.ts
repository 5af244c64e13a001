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
  await writeFileAtomic(file, 'one', { mode: 0o600 });
  await writeFileAtomic(file, 'two', { mode: 0o600 });
  expect(await readFile(file, 'utf8')).toBe('two');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

test('writers at the same time leave one whole text and nothing else', async () => {
  const file = path.join(folder, 'state.json');
  const texts = Array.from({ length: 10 }, (_, i) => String(i).repeat(50_000));
  await Promise.all(texts.map((text) => writeFileAtomic(file, text, { mode: 0o600 })));
  expect(texts).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('a file that is there stays as it is when only an absent one is to be written', async () => {
  const file = path.join(folder, 'token');
  await writeFile(file, 'old');
  await expect(writeFileAtomic(file, 'new', { mode: 0o600, onlyIfAbsent: true })).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['token']);
});

test('where the file cannot be put, it rejects and leaves no draft', async () => {
  await mkdir(path.join(folder, 'taken', 'full'), { recursive: true });
  await expect(writeFileAtomic(path.join(folder, 'taken'), 'x', { mode: 0o600 })).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});
