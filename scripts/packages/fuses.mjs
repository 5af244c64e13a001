// Reads the fuses of a packed app and compares them with those of electron-builder.yml.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';
import { projectRoot } from '../paths.mjs';

/**
 * The keys of electron-builder for the fuses of Electron.
 * @type {Readonly<Record<string, FuseV1Options>>}
 */
const FUSES = {
  runAsNode: FuseV1Options.RunAsNode,
  enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
};
/** It says how to set fuses on macOS, and is no fuse itself. */
const NO_FUSE = 'resetAdHocDarwinSignature';

/**
 * @param {string} executable
 * @param {Readonly<Record<string, unknown>>} wanted `electronFuses` of electron-builder.yml
 * @returns {Promise<readonly string[]>} a line for each fuse with another state than wanted
 */
export async function fuseFaults(executable, wanted) {
  const wire = await getCurrentFuseWire(executable);
  return Object.entries(wanted)
    .filter(([name]) => name !== NO_FUSE)
    .flatMap(([name, isWanted]) => {
      const fuse = FUSES[name];
      const state = fuse === undefined ? undefined : wire[fuse];
      return state === (isWanted === true ? FuseState.ENABLE : FuseState.DISABLE)
        ? []
        : [`${name}: wanted ${String(isWanted)}, found ${nameOf(state)}`];
    });
}

/** @param {FuseState | undefined} state */
const nameOf = (state) => (state === undefined ? 'no such fuse' : FuseState[state].toLowerCase());

/** @type {Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>>} */
const EXECUTABLES = {
  linux: ['linux-unpacked/muster-desktop', 'linux-arm64-unpacked/muster-desktop'],
  win32: ['win-unpacked/Muster.exe'],
  darwin: ['mac/Muster.app/Contents/MacOS/Muster', 'mac-arm64/Muster.app/Contents/MacOS/Muster'],
};

/**
 * Compares the unpacked app in a folder of packages with electron-builder.yml.
 * @param {string} output
 * @returns {Promise<readonly string[]>} as fuseFaults
 */
export async function faultsOfPackedApp(output) {
  const { electronFuses } = await getConfig(projectRoot, join(projectRoot, 'electron-builder.yml'), null);
  const executable = (EXECUTABLES[process.platform] ?? []).map((path) => join(output, path)).find((path) => existsSync(path));
  return executable === undefined ? ['no unpacked app was found'] : fuseFaults(executable, { ...electronFuses });
}
