import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile, writeFileAtomic } from '../../../src/main/platform/atomic-file';

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

test('replaceFile: creates the folder, sets the mode, replaces an existing file', async () => {
  const file = path.join(folder, 'a', 'result.json');
  expect([await replaceFile(file, 'one'), await replaceFile(file, 'two')]).toEqual([null, null]);
  expect(await readFile(file, 'utf8')).toBe('two');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(path.dirname(file))).toEqual(['result.json']);
});

test('replaceFile: rename fails -> the reason, no temporary file left', async () => {
  await mkdir(path.join(folder, 'taken', 'full'), { recursive: true });
  expect(await replaceFile(path.join(folder, 'taken'), 'x')).toMatch(/^E[A-Z]+$/);
  expect(await readdir(folder)).toEqual(['taken']);
});

/** A process that is killed where the writer renames its temporary file. It runs the TypeScript source with Node's type stripping. */
const KILLED_WRITER = `
  import fs from 'node:fs';
  import { registerHooks, syncBuiltinESMExports } from 'node:module';
  registerHooks({ resolve: (name, context, next) => next(/^\\..*\\/[^./]+$/.test(name) ? name + '.ts' : name, context) });
  const kill = () => process.kill(process.pid, 'SIGKILL');
  fs.renameSync = kill;
  fs.promises.rename = kill;
  syncBuiltinESMExports();
  const [source, write, file] = process.argv.slice(1);
  await (await import(source))[write](file, 'new content');
`;

test.each(['writeFileAtomic', 'replaceFile'])(
  '%s: killed between write and rename -> the old content, and the next write succeeds',
  async (write) => {
    const file = path.join(folder, 'state.json');
    writeFileAtomic(file, 'old content');
    const source = pathToFileURL(path.resolve(import.meta.dirname, '../../../src/main/platform/atomic-file.ts')).href;
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', KILLED_WRITER, source, write, file], { stdio: 'inherit' });
    expect(await once(writer, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await readFile(file, 'utf8')).toBe('old content');
    const temporary = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
    expect(await Promise.all(temporary.map((name) => readFile(path.join(folder, name), 'utf8')))).toEqual(['new content']);
    writeFileAtomic(file, 'newer content');
    expect(await readFile(file, 'utf8')).toBe('newer content');
  },
);
