// The program that takes the place of fpm makes a real deb.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../../scripts/paths.mjs';
import { requirePrograms, skipNote } from '../../support/requirements';

const { missing } = requirePrograms('deb', ['dpkg-deb', 'ar'], 'dpkg binutils');

describe.skipIf(missing)(`deb by the program in place of fpm${skipNote({ missing })}`, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-fpm-'));
    writeFileSync(path.join(folder, 'program'), 'content');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  /** Builds a deb and lists the files in it. */
  function membersOf(env: NodeJS.ProcessEnv): readonly string[] {
    const output = path.join(folder, 'muster.deb');
    const fields = ['--name', 'muster', '--version', '1.0.0', '--architecture', 'amd64', '--maintainer', 'M <m@muster.invalid>'];
    // The compression is the one that electron-builder passes when its configuration names none.
    const given = ['-s', 'dir', '-t', 'deb', ...fields, '--url', 'https://muster.example/', '--deb-compression', 'xz', '--package', output];
    const program = path.join(projectRoot, 'scripts/packages/fpm.mjs');
    const made = spawnSync(process.execPath, [program, ...given, `${path.join(folder, 'program')}=/usr/bin/program`], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    return spawnSync('ar', ['t', output], { encoding: 'utf8' }).stdout.trim().split('\n');
  }

  test('compression: a release has xz', () => {
    expect(membersOf({})).toEqual(['debian-binary', 'control.tar.xz', 'data.tar.xz']);
  });

  test('compression: zstd with --fast', () => {
    expect(membersOf({ MUSTER_PACKAGE_COMPRESSION: 'zstd' })).toEqual(['debian-binary', 'control.tar.zst', 'data.tar.zst']);
  });
});
