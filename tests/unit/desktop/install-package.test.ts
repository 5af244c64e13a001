// The end of an update, with real files and programs.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installPackage } from '../../../src/main/desktop/install-package';
import type { InstallCommand } from '../../../src/main/updates/core/install-command';
import type { UpdateFormat } from '../../../src/main/updates/core/release';
import { until } from '../../support/until';

const CONTENT = 'the new version';
let folder = '';
let [downloaded, appImage, mark] = ['', '', ''];
let starts: (string | null)[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-install-'));
  [downloaded, appImage, mark] = ['pending', 'Muster.AppImage', 'mark'].map((name) => path.join(folder, name)) as [string, string, string];
  writeFileSync(downloaded, CONTENT);
  writeFileSync(appImage, 'the old version');
  starts = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const install = (format: UpdateFormat, script = 'exit 99', program = '/bin/sh', cliProgram: string | null = 'cli') =>
  installPackage({
    format,
    path: downloaded,
    release: {
      version: '1.0.1',
      file: { url: 'a', size: CONTENT.length, sha512: createHash('sha512').update(CONTENT).digest('base64') },
      signed: { content: Buffer.from('the metadata'), signature: Buffer.from('the signature') },
    },
    appImage: format === 'appimage' ? appImage : null,
    cliProgram,
    restart: (image) => void starts.push(image),
    debCommandOf: (cli, files): InstallCommand => ({
      program,
      args: ['-c', script, cli, files.package, files.metadata, files.signature],
    }),
    nsisCommandOf: (file): InstallCommand => ({ program, args: ['-c', script, 'sh', file] }),
  });

test('AppImage -> replaced, and the new one starts', async () => {
  expect(await install('appimage')).toBeNull();
  expect([readFileSync(appImage, 'utf8'), starts]).toEqual([CONTENT, [appImage]]);
});

test('deb: dpkg ends well -> one command that gets the package, then a restart', async () => {
  expect(await install('deb', `cat "$1" >> '${mark}'`)).toBeNull();
  expect([readFileSync(mark, 'utf8'), starts]).toEqual([CONTENT, [null]]);
});

test('deb -> the command line of the package gets the exact bytes of metadata and signature, which are then gone', async () => {
  expect(await install('deb', `printf '%s|' "$0" "$(cat "$2")" "$(cat "$3")" > '${mark}'`)).toBeNull();
  expect(readFileSync(mark, 'utf8')).toBe('cli|the metadata|the signature|');
  expect(readdirSync(folder).sort()).toEqual(['Muster.AppImage', 'mark', 'pending']);
});

test('deb: refused by the program that runs as root -> its sentence', async () => {
  const script = "echo 'muster install-update: The package is not the signed one.' >&2; exit 87";
  expect(await install('deb', script)).toEqual({ fault: 'not_installed', reason: 'The package is not the signed one.' });
  expect(starts).toEqual([null]);
});

test('deb without its command line -> nothing runs as root, the present version starts', async () => {
  expect(await install('deb', `touch '${mark}'`, '/bin/sh', null)).toEqual({
    fault: 'not_installed',
    reason: 'the command line is missing in this installation',
  });
  expect([existsSync(mark), starts]).toEqual([false, [null]]);
});

test('deb: the password is refused -> nothing else runs as root, the present version starts', async () => {
  expect(await install('deb', `echo once >> '${mark}'; exit 126`)).toEqual({
    fault: 'not_installed',
    reason: 'the password was not given',
  });
  expect([readFileSync(mark, 'utf8'), starts]).toEqual(['once\n', [null]]);
});

test('deb: dpkg fails with a long output -> it runs to its end', async () => {
  const script = `yes 'dpkg: a warning' | head -c 3000000 >&2; echo; echo 'dpkg: error: full' >&2; touch '${mark}'; exit 1`;
  expect(await install('deb', script)).toEqual({ fault: 'not_installed', reason: 'dpkg ended with code 1: dpkg: error: full' });
  expect([existsSync(mark), starts]).toEqual([true, [null]]);
});

test('deb: no program asks for the password -> the reason, the present version starts', async () => {
  expect(await install('deb', '', path.join(folder, 'no-pkexec'))).toEqual({ fault: 'not_installed', reason: 'ENOENT' });
  expect(starts).toEqual([null]);
});

test('Windows: the installer runs -> it goes on alone, and starts the app itself', async () => {
  expect(await install('nsis', `cat "$1" > '${mark}.part'; mv '${mark}.part' '${mark}'`)).toBeNull();
  expect(starts).toEqual([]);
  await until('the installer to run', () => existsSync(mark));
});

test('Windows: the installer cannot start -> the reason, the present version starts', async () => {
  expect(await install('nsis', '', downloaded)).toEqual({ fault: 'not_installed', reason: 'EACCES' });
  expect(starts).toEqual([null]);
});

test.each(['appimage', 'deb', 'nsis'] as const)('%s that is not the signed file -> deleted, nothing runs', async (format) => {
  writeFileSync(downloaded, 'the bad version');
  expect(await install(format, `touch '${mark}'`)).toEqual({ fault: 'corrupt', reason: 'the package changed after its download' });
  expect([existsSync(downloaded), existsSync(mark), readFileSync(appImage, 'utf8')]).toEqual([false, false, 'the old version']);
  expect(starts).toEqual([format === 'appimage' ? appImage : null]);
});
