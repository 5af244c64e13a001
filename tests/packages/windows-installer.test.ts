// The scripts of the Windows installer, compiled on Linux with build/installer.nsh. The installer itself is never run here.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standInVersion } from '../../scripts/electron-runtime.mjs';
import { projectRoot } from '../../scripts/paths.mjs';
import { makeNsisTools, type NsisTools } from '../support/packages/nsis-tools';
import { VERSION } from '../support/packages/package-files';
import { requirePrograms, skipNote } from '../support/requirements';

const { missing } = requirePrograms(
  'packages',
  ['makensis', 'i686-w64-mingw32-gcc', 'i686-w64-mingw32-windres', '7za'],
  'nsis gcc-mingw-w64-i686-win32 7zip',
);

describe.skipIf(missing)(`Windows installer${skipNote({ missing })}`, () => {
  let folder: string;
  let tools: NsisTools;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-nsis-'));
    tools = makeNsisTools(folder);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** `include`: the file with our additions. */
  function compile(include: string): { readonly code: number | null; readonly output: string } {
    const output = path.join(folder, 'out');
    rmSync(output, { recursive: true, force: true });
    const config = path.join(folder, 'config.json');
    const settings = {
      extends: path.join(projectRoot, 'electron-builder.yml'),
      compression: 'store',
      electronVersion: standInVersion,
      directories: { output },
      win: { signAndEditExecutable: false },
      toolsets: { nsis: '1.2.1' },
      // Debian's other languages lack texts, and each warning is an error.
      nsis: { include, installerLanguages: ['en_US', 'zh_CN'] },
    };
    writeFileSync(config, JSON.stringify(settings));
    const program = path.join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
    const args = [program, '--config', config, '--win', 'nsis', '--x64', '--prepackaged', tools.appDir, '--publish', 'never'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: projectRoot,
      env: { ...process.env, ...tools.env },
      encoding: 'utf8',
      maxBuffer: 16_000_000,
    });
    return { code: status, output: `${stdout}${stderr}` };
  }

  test('scripts of electron-builder with ours: compiled', () => {
    const { code, output } = compile(path.join(projectRoot, 'build', 'installer.nsh'));
    expect({ code, end: code === 0 ? '' : output.slice(-3000) }).toEqual({ code: 0, end: '' });
    expect(readdirSync(path.join(folder, 'out')).filter((name) => name.endsWith('.exe'))).toEqual([`Muster-Setup-${VERSION}.exe`]);
  });

  test('misspelt command in our script -> no installer', () => {
    const include = path.join(folder, 'installer.nsh');
    copyFileSync(path.join(projectRoot, 'build', 'installer.nsh'), include);
    writeFileSync(include, readFileSync(include, 'utf8').replace('WriteRegStr', 'WriteRegStrr'));
    const { code, output } = compile(include);
    expect(code).not.toBe(0);
    expect(output).toContain('WriteRegStrr');
  });
});
