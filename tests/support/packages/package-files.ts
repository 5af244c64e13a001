// Where the packages of the tests are, and what they need.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { testPackagesDir } from '../../../scripts/packages/package.mjs';
import { projectRoot } from '../../../scripts/paths.mjs';
import { requirePrograms, type Requirement } from '../requirements';

export const OLD_VERSION = '0.0.1';
export const VERSION = (JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { readonly version: string }).version;

export const debOf = (version: string): string => path.join(testPackagesDir, `muster_${version}_amd64.deb`);
export const rpmFile = path.join(testPackagesDir, `muster-${VERSION}.x86_64.rpm`);
export const pacmanFile = path.join(testPackagesDir, `muster-${VERSION}.pacman`);
export const unpackedDir = path.join(testPackagesDir, 'linux-unpacked');

const DESKTOP = ['Xvfb', 'dbus-daemon', 'openbox', 'xfce4-appfinder', 'xterm', 'wmctrl', 'xdotool', 'import', 'xdg-open'] as const;
const DESKTOP_PACKAGES = 'xvfb dbus openbox xfce4-appfinder xterm wmctrl xdotool imagemagick xdg-utils desktop-file-utils libnotify4';

/** A copy of the system needs root; the installation of the deb, a desktop. */
export function requireInstallation(): Requirement {
  if (process.getuid?.() !== 0) return { missing: 'only root can install packages in a copy of the system' };
  return requirePrograms('packages', ['dpkg', 'unshare', 'nsenter', 'setpriv', ...DESKTOP], DESKTOP_PACKAGES);
}
