// The AppImage, with a shell script in place of its runtime: the real one, an ELF file, comes from GitHub only. The script unpacks the file
// system of the image into a folder instead of mounting it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standInVersion } from '../../scripts/electron-runtime.mjs';
import { testPackagesDir } from '../../scripts/packages/package.mjs';
import { findProgram } from '../../scripts/requirements.mjs';
import { projectRoot } from '../../scripts/paths.mjs';
import { DesktopSession } from '../support/packages/desktop-session';
import { requireInstallation, unpackedDir } from '../support/packages/package-files';
import { inCopy, SystemCopy } from '../support/packages/system-copy';
import { requirePrograms, skipNote } from '../support/requirements';

const missing =
  requireInstallation().missing ?? requirePrograms('packages', ['mksquashfs', 'unsquashfs'], 'squashfs-tools desktop-file-utils').missing;

/** The file system of the image starts here. */
const RUNTIME_BYTES = 4096;
const RUNTIME = `#!/bin/sh
self=$(readlink -f "$0")
case $1 in --appimage-extract) exec unsquashfs -q -n -f -o ${String(RUNTIME_BYTES)} -d squashfs-root "$self" ;; esac
dir=$(mktemp -d)
unsquashfs -q -n -f -o ${String(RUNTIME_BYTES)} -d "$dir" "$self" >/dev/null || exit 127
export APPIMAGE="$self" APPDIR="$dir" ARGV0="$0"
exec "$dir/AppRun" "$@"
`;

describe.skipIf(missing)(`AppImage${skipNote({ missing })}`, () => {
  let folder: string;
  let image: string;
  beforeAll(() => {
    // A copy of the system has this folder.
    folder = mkdtempSync(path.join(testPackagesDir, 'appimage-'));
    image = build();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function build(): string {
    const [tools, unpacked, output] = ['tools', 'unpacked', 'out'].map((name) => path.join(folder, name)) as [string, string, string];
    for (const dir of ['runtimes', 'lib/x64']) mkdirSync(path.join(tools, dir), { recursive: true });
    for (const name of ['mksquashfs', 'desktop-file-validate']) symlinkSync(findProgram(name) ?? '', path.join(tools, name));
    const runtime = path.join(tools, 'runtimes', 'runtime-x64');
    writeFileSync(runtime, RUNTIME);
    truncateSync(runtime, RUNTIME_BYTES);
    // electron-builder writes into the folder.
    cpSync(unpackedDir, unpacked, { recursive: true });
    const config = path.join(folder, 'config.json');
    const base = path.join(projectRoot, 'electron-builder.yml');
    writeFileSync(
      config,
      JSON.stringify({ extends: base, compression: 'store', electronVersion: standInVersion, directories: { output } }),
    );
    const program = path.join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
    const args = [program, '--config', config, '--linux', 'AppImage', '--x64', '--prepackaged', unpacked, '--publish', 'never'];
    const env = { ...process.env, APPIMAGE_TOOLS_PATH: tools };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot, env, encoding: 'utf8' });
    const [name] = status === 0 ? readdirSync(output).filter((file) => file.endsWith('.AppImage')) : [];
    if (name === undefined) throw new Error(`no AppImage: ${stdout}${stderr}`);
    return path.join(output, name);
  }

  test('content: the app, its command line and its licences; a menu entry without actions', () => {
    const { status } = spawnSync(image, ['--appimage-extract'], { cwd: folder });
    expect(status).toBe(0);
    const root = path.join(folder, 'squashfs-root');
    expect(readdirSync(root)).toEqual(expect.arrayContaining(['AppRun', 'cli', 'muster-desktop', 'LICENSES.dependencies.txt']));
    const [entry = ''] = readdirSync(root).filter((file) => file.endsWith('.desktop'));
    expect(entry).toBe('app.muster.desktop.desktop');
    const text = readFileSync(path.join(root, entry), 'utf8');
    expect(text).toContain('MimeType=x-scheme-handler/muster;');
    expect(text).not.toContain('Desktop Action');
    expect(spawnSync('desktop-file-validate', [path.join(root, entry)], { encoding: 'utf8' }).stdout).toBe('');
  });

  test('started by an ordinary user -> window, in the sandbox', async () => {
    const system = await SystemCopy.open();
    try {
      const ada = system.person('ada');
      const session = await DesktopSession.open(system, ada);
      const file = path.join(ada.home, 'Muster.AppImage');
      system.run('install', '-m', '755', '-o', ada.name, inCopy(image), file);
      session.start(file);
      await session.waitForWindow('Muster');
      const renderer = session.run('pgrep', '-n', '-f', 'muster-desktop --type=renderer').stdout.trim();
      expect(system.read(`/proc/${renderer}/status`)).toMatch(/^Seccomp:\t2$/m);
    } finally {
      await system.close();
    }
  });
});
