// Checks electron-builder.yml against electron-builder's own schema, and against the rules for the packaged app.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LinuxPackager } from 'app-builder-lib';
import { LinuxTargetHelper } from 'app-builder-lib/out/targets/LinuxTargetHelper.js';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, test } from 'vitest';
import { iconFiles } from '../../scripts/icons.mjs';
import { copyrightFile } from '../../scripts/packages/licence-files.mjs';
import { licencesText } from '../../scripts/packages/licences.mjs';
import { STAGED_FILES } from '../../scripts/packages/stage.mjs';
import { traySheet } from '../../scripts/tray-icons.mjs';
import { cliPages } from '../../src/main/cli/cli-pages';
import { COMMANDS } from '../../src/main/cli/commands';
import { LINK_SCHEME } from '../../src/main/desktop/core/outside-link';

const root = join(import.meta.dirname, '../..');
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const config = await getConfig(root, join(root, 'electron-builder.yml'), null);

const manifest = readJson('package.json') as {
  readonly version: string;
  readonly desktopName: string;
  readonly homepage: string;
  readonly devDependencies: { readonly electron: string };
};

/** The .desktop file of a Linux package. */
function desktopEntry(target: 'deb' | 'rpm' | 'pacman' | 'appImage'): Promise<string> {
  const appInfo = { sanitizedProductName: 'Muster', productName: 'Muster', description: '' };
  const executableName = config.linux?.executableName;
  const packager = { config, platformSpecificBuildOptions: config.linux, appInfo, executableName, fileAssociations: [] };
  const helper = new LinuxTargetHelper({ ...packager, info: { metadata: manifest } } as unknown as LinuxPackager);
  return Promise.resolve(helper.computeDesktopEntry({ ...config.linux, ...config[target] }));
}

/** The files that a package installs beside the app: their places in the project and in the system. */
const filesOf = (target: 'deb' | 'rpm' | 'pacman'): readonly (readonly [string, string])[] =>
  (config[target]?.fpm ?? []).flatMap((argument) => {
    const [from, to] = argument.split('=');
    return from !== undefined && to !== undefined ? [[from, to] as const] : [];
  });
const INSTALLED = ['deb', 'rpm', 'pacman'] as const;

describe('packaging', () => {
  test('packaging: valid by the schema of electron-builder', async () => {
    await expect(validateConfiguration(config, new DebugLogger(false))).resolves.toBeUndefined();
  });

  test('packaging: misspelt key -> refused by the schema', async () => {
    const misspelt = { ...config, electronFuses: { ...config.electronFuses, runAsNod: false } };
    await expect(validateConfiguration(misspelt, new DebugLogger(false))).rejects.toThrow(/electronFuses/);
  });

  test('packaging: contains the build, no sources, tools or source maps', () => {
    expect(config.files).toEqual([{ filter: ['out/**', '!out/.built', '!**/*.map', 'package.json'] }]);
  });

  test('fuses: other programs cannot make the app run their code', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      loadBrowserProcessSpecificV8Snapshot: false,
      resetAdHocDarwinSignature: true,
    });
    expect(config.asar).toBe(true);
  });

  test('Electron: shipped version -> the one of the lock file; package.json allows updates of its major version', () => {
    const lock = readJson('package-lock.json') as { readonly packages: Record<string, { readonly version: string }> };
    const locked = lock.packages['node_modules/electron']?.version ?? '';
    expect(manifest.devDependencies.electron).toMatch(/^\^\d+\.\d+\.\d+$/);
    expect(locked.split('.')[0]).toBe(manifest.devDependencies.electron.slice(1).split('.')[0]);
    // Each of these would ship another Electron than the tested one.
    expect([config.electronVersion, config.electronDist, config.electronDownload]).toEqual([undefined, undefined, undefined]);
  });

  test('installers: one for each system; macOS shows why the app uses the local network', () => {
    expect({ linux: config.linux?.target, win: config.win?.target, mac: config.mac?.target }).toEqual({
      linux: ['dir', 'deb', 'rpm', 'pacman', 'tar.gz', 'AppImage'],
      win: ['nsis'],
      mac: ['dmg', 'zip'],
    });
    expect(config.mac?.extendInfo).toHaveProperty('NSLocalNetworkUsageDescription', expect.stringContaining('local network'));
  });

  test('join links: scheme registered by the packages of each system; removed with the app', async () => {
    // electron-builder writes the MimeType of the .desktop file and the entry of Info.plist from this.
    expect(config.protocols).toEqual({ name: 'Muster join link', schemes: [LINK_SCHEME], role: 'Viewer' });
    expect(await desktopEntry('deb')).toMatch(/^MimeType=x-scheme-handler\/muster;$/m);
    expect(await desktopEntry('deb')).toMatch(/^Exec=\/opt\/Muster\/muster-desktop %U$/m);
    const script = readFileSync(join(root, config.nsis?.include ?? ''), 'utf8');
    const key = `Software\\Classes\\${LINK_SCHEME}`;
    expect(script).toContain(`WriteRegStr SHCTX "${key}" "URL Protocol" ""`);
    expect(script).toContain(`WriteRegStr SHCTX "${key}\\shell\\open\\command" "" '"$INSTDIR\\\${APP_EXECUTABLE_FILENAME}" "%1"'`);
    expect(script).toContain(`DeleteRegKey SHCTX "${key}"`);
  });

  test('Windows installer: starts programs of the system by their path, never one beside the installer', () => {
    const script = readFileSync(join(root, config.nsis?.include ?? ''), 'utf8');
    const started = [...script.matchAll(/^ *(?:nsExec::\w+|Exec\w*) '(.*?) -/gm)].map(([, program]) => program);
    expect(started).toEqual(['"$SYSDIR\\WindowsPowerShell\\v1.0\\powershell.exe"']);
    expect(script.match(/^[^;\n]*\b(?:exec\w*|\w+\.exe)\b/gim)).toHaveLength(started.length);
  });

  test('names: .desktop file, AppStream id and the name that Electron gives to the desktop are one; the homepage is, too', () => {
    const metainfo = readFileSync(join(root, 'build/linux/app.muster.desktop.metainfo.xml'), 'utf8');
    expect(manifest.desktopName).toBe(`${config.appId ?? ''}.desktop`);
    expect(config.linux?.syncDesktopName).toBe(true);
    expect(metainfo).toContain(`<id>${config.appId ?? ''}</id>`);
    expect(metainfo).toContain(`<launchable type="desktop-id">${manifest.desktopName}</launchable>`);
    expect(metainfo).toContain(`<url type="homepage">${manifest.homepage}</url>`);
  });

  test('menu entry: actions are commands of the command line; an AppImage, which has no command line in PATH, has none', async () => {
    const commands = new Set(COMMANDS.map(({ name }) => name));
    for (const target of INSTALLED) {
      const entry = await desktopEntry(target);
      const actions = [...entry.matchAll(/^\[Desktop Action (\w+)\]$/gm)].map(([, name]) => name);
      expect(entry).toContain(`Actions=${actions.join(';')};\n`);
      const called = [...entry.matchAll(/^Exec=\/usr\/bin\/muster (\w+)/gm)].map(([, name]) => name ?? '');
      expect(called).toHaveLength(actions.length);
      expect(called.filter((name) => !commands.has(name))).toEqual([]);
      // Both languages of the app.
      expect(entry.match(/^Name=/gm)).toHaveLength(1 + actions.length);
      expect(entry.match(/^Name\[zh_CN\]=/gm)).toHaveLength(actions.length);
    }
    expect(await desktopEntry('appImage')).not.toContain('Desktop Action');
  });

  test('compression: the one that electron-builder chooses, xz; only --fast changes it', () => {
    expect([config.compression, ...INSTALLED.map((target) => config[target]?.compression)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each(INSTALLED)('files beside the app in %s: each is committed, or made by the build', (target) => {
    const isMade = (file: string): boolean =>
      file.startsWith('dist/stage/')
        ? STAGED_FILES.includes(basename(file))
        : file.startsWith('out-cli/share/') && basename(file) in cliPages();
    const files = filesOf(target);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter(([from]) => !existsSync(join(root, from)) && !isMade(from))).toEqual([]);
    expect(files).toContainEqual(['build/linux/muster', '/usr/bin/muster']);
    expect(config[target]?.fpm?.slice(0, 2)).toEqual(['--before-remove', 'build/linux/before-remove.sh']);
  });

  test('files beside the app: the same in deb, rpm and pacman; only the folder of zsh differs', () => {
    const [deb, ...others] = INSTALLED.map((target) =>
      filesOf(target).map((pair) => pair.join('=').replace('vendor-completions/_', 'site-functions/_')),
    );
    expect(others).toEqual([deb, deb]);
  });

  test('units and completions: every one of the command line is in the packages', () => {
    const shipped = new Set(filesOf('deb').map(([from]) => basename(from)));
    const units = readdirSync(join(root, 'build/linux')).filter((name) => /\.(?:service|sysusers\.conf)$/.test(name));
    expect([...units, ...Object.keys(cliPages())].filter((name) => !shipped.has(name))).toEqual([]);
  });

  test.each(['after-install.sh', 'before-remove.sh', 'after-remove.sh', 'muster'])(
    'build/linux/%s: valid for sh; only known names in braces',
    (name) => {
      const text = readFileSync(join(root, 'build/linux', name), 'utf8');
      expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
      expect(text.startsWith('#!/bin/sh\n')).toBe(true);
      // electron-builder stops at other names, and a script of pacman is part of another script.
      expect(
        [...text.matchAll(/\$\{(\w+)/g)]
          .map(([, variable]) => variable)
          .filter((one) => one !== 'executable' && one !== 'sanitizedProductName'),
      ).toEqual([]);
    },
  );

  test('guide, own licence and those of the dependencies are in the packages of each system', () => {
    const folders = [
      { from: 'dist/stage/licences', to: '.' },
      { from: 'dist/stage/guide', to: 'guide' },
    ];
    for (const files of [config.linux?.extraFiles, config.win?.extraFiles, config.mac?.extraResources])
      expect(files).toEqual(expect.arrayContaining(folders));
    expect(copyrightFile('')).toContain('LICENSE.node.txt');
    expect(licencesText([])).toContain('LICENSE.node.txt');
  });

  test('icons: the committed files are those that the SVG gives', () => {
    const drawn = iconFiles(readFileSync(join(root, 'build/icon.svg'), 'utf8'));
    const changed = [...drawn].filter(([file, content]) => !content.equals(readFileSync(join(root, 'build', file)))).map(([file]) => file);
    expect(changed, 'run: node scripts/icons.mjs').toEqual([]);
    expect(readdirSync(join(root, 'build/icons')).length).toBe(drawn.size - 2);
    expect([config.linux?.icon, config.win?.icon, config.mac?.icon]).toEqual(['build/icons', 'build/icon.ico', 'build/icon.icns']);
  });

  test('tray: the committed pictures are those that the SVG and the shapes give', async () => {
    const drawn = await traySheet(readFileSync(join(root, 'build/icon.svg'), 'utf8'));
    const isSame = Buffer.from(drawn).equals(readFileSync(join(root, 'src/renderer/public/tray.png')));
    expect(isSame, 'run: node scripts/tray-icons.mjs').toBe(true);
  });
});
