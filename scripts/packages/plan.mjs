// Which packages this system can build, and why it cannot build the others. Pure.

/**
 * @typedef {object} BuildSystem
 * @property {NodeJS.Platform} platform
 * @property {(name: string) => boolean} hasProgram
 * @property {'official' | 'stand-in'} electron
 * @property {boolean} hasAppImageTools a folder with the runtime of AppImage is named (APPIMAGE_TOOLS_PATH)
 * @typedef {{ readonly target: string, readonly reason: string }} Refusal
 * @typedef {{ readonly build: readonly string[], readonly refused: readonly Refusal[] }} PackagePlan
 */

/**
 * The targets by system, each with the programs that it needs and the packages of Debian that have them.
 * @type {readonly { readonly target: string, readonly platform: NodeJS.Platform, readonly programs: readonly string[], readonly packages: string }[]}
 */
const TARGETS = [
  { target: 'dir', platform: 'linux', programs: [], packages: '' },
  { target: 'deb', platform: 'linux', programs: ['dpkg-deb'], packages: 'dpkg' },
  { target: 'rpm', platform: 'linux', programs: ['rpmbuild'], packages: 'rpm' },
  { target: 'pacman', platform: 'linux', programs: ['bsdtar'], packages: 'libarchive-tools' },
  { target: 'tar.gz', platform: 'linux', programs: ['7za'], packages: '7zip' },
  { target: 'AppImage', platform: 'linux', programs: [], packages: '' },
  { target: 'nsis', platform: 'win32', programs: [], packages: '' },
  { target: 'dmg', platform: 'darwin', programs: [], packages: '' },
  { target: 'zip', platform: 'darwin', programs: [], packages: '' },
];
/** @type {Readonly<Partial<Record<NodeJS.Platform, string>>>} */
const SYSTEM_NAMES = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };

export const TARGET_NAMES = TARGETS.map(({ target }) => target);

/**
 * @param {BuildSystem} system
 * @param {readonly string[]} wanted names of targets; empty: all of this system
 * @returns {PackagePlan}
 */
export function planPackages(system, wanted = []) {
  const chosen = TARGETS.filter(({ target }) => wanted.length === 0 || wanted.includes(target));
  const refused = chosen.flatMap((one) => {
    const reason = refusalOf(one, system);
    return reason === null ? [] : [{ target: one.target, reason }];
  });
  return { build: chosen.map(({ target }) => target).filter((name) => refused.every(({ target }) => target !== name)), refused };
}

/**
 * @param {(typeof TARGETS)[number]} target
 * @param {BuildSystem} system
 * @returns {string | null}
 */
function refusalOf({ target, platform, programs, packages }, system) {
  if (platform !== system.platform) return `needs ${SYSTEM_NAMES[platform] ?? platform}: its Electron, its tools and its signature`;
  const missing = programs.filter((name) => !system.hasProgram(name));
  if (missing.length > 0) return `needs ${missing.join(', ')}. Fix: apt-get install ${packages}`;
  // The official Electron was downloaded from GitHub, and electron-builder downloads the runtime from there, too.
  if (target === 'AppImage' && system.electron === 'stand-in' && !system.hasAppImageTools) {
    return 'needs the AppImage runtime, from GitHub or in the folder that APPIMAGE_TOOLS_PATH names';
  }
  return null;
}
