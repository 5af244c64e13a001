// Checks electron-builder.yml against electron-builder's own schema, and against the rules for the packaged app.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LinuxPackager } from 'app-builder-lib';
import { LinuxTargetHelper } from 'app-builder-lib/out/targets/LinuxTargetHelper.js';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, test } from 'vitest';
import { LINK_SCHEME } from '../../src/main/desktop/core/outside-link';

const root = join(import.meta.dirname, '../..');
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const config = await getConfig(root, join(root, 'electron-builder.yml'), null);

/** The .desktop file of the Linux packages. */
function desktopEntry(): Promise<string> {
  const appInfo = { sanitizedProductName: 'Muster', productName: 'Muster', description: '' };
  const packager = { config, platformSpecificBuildOptions: config.linux, appInfo, executableName: 'muster', fileAssociations: [] };
  const helper = new LinuxTargetHelper({ ...packager, info: { metadata: { desktopName: 'muster.desktop' } } } as unknown as LinuxPackager);
  return Promise.resolve(helper.computeDesktopEntry(config.linux ?? {}));
}

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
    const manifest = readJson('package.json') as { readonly devDependencies: { readonly electron: string } };
    const lock = readJson('package-lock.json') as { readonly packages: Record<string, { readonly version: string }> };
    const locked = lock.packages['node_modules/electron']?.version ?? '';
    expect(manifest.devDependencies.electron).toMatch(/^\^\d+\.\d+\.\d+$/);
    expect(locked.split('.')[0]).toBe(manifest.devDependencies.electron.slice(1).split('.')[0]);
    // Each of these would ship another Electron than the tested one.
    expect([config.electronVersion, config.electronDist, config.electronDownload]).toEqual([undefined, undefined, undefined]);
  });

  test('installers: one for each system; macOS shows why the app uses the local network', () => {
    expect({ linux: config.linux?.target, win: config.win?.target, mac: config.mac?.target }).toEqual({
      linux: ['deb', 'AppImage', 'dir'],
      win: ['nsis'],
      mac: ['dmg', 'zip'],
    });
    expect(config.mac?.extendInfo).toHaveProperty('NSLocalNetworkUsageDescription', expect.stringContaining('local network'));
  });

  test('join links: scheme registered by the packages of each system; removed with the app', async () => {
    // electron-builder writes the MimeType of the .desktop file and the entry of Info.plist from this.
    expect(config.protocols).toEqual({ name: 'Muster join link', schemes: [LINK_SCHEME], role: 'Viewer' });
    expect(await desktopEntry()).toMatch(/^MimeType=x-scheme-handler\/muster;$/m);
    expect(await desktopEntry()).toMatch(/^Exec=\/opt\/Muster\/muster %U$/m);
    const script = readFileSync(join(root, config.nsis?.include ?? ''), 'utf8');
    const key = `Software\\Classes\\${LINK_SCHEME}`;
    expect(script).toContain(`WriteRegStr SHCTX "${key}" "URL Protocol" ""`);
    expect(script).toContain(`WriteRegStr SHCTX "${key}\\shell\\open\\command" "" '"$INSTDIR\\\${APP_EXECUTABLE_FILENAME}" "%1"'`);
    expect(script).toContain(`DeleteRegKey SHCTX "${key}"`);
  });
});
