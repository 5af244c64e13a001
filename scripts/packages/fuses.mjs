// Reads the fuses of a packed app and compares them with those of electron-builder.yml.
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

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
