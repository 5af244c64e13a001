// Which format this installation has, and whether it can replace itself.
import type { UpdateObstacle } from '../../../shared/api/update';
import { fail, ok, type Result } from '../../../shared/result';
import type { UpdateFormat } from './release';

export interface Installation {
  readonly platform: 'linux' | 'windows' | 'macos';
  readonly isPackaged: boolean;
  /** The content of `resources/package-type`, which electron-builder writes. Null: there is none. */
  readonly packageType: string | null;
  /** The variables of an AppImage's runtime: its file, and the folder in which it is mounted. A child of another AppImage inherits them. */
  readonly appImage: string | null;
  readonly appDir: string | null;
  readonly execPath: string;
}

/** The file of the AppImage that this program runs from. Null: it runs from none, and the variables are of another program. */
export const appImageOf = ({ appImage, appDir, execPath }: Pick<Installation, 'appImage' | 'appDir' | 'execPath'>): string | null =>
  appImage?.startsWith('/') === true && appDir?.startsWith('/') === true && execPath.startsWith(`${appDir.replace(/\/+$/, '')}/`)
    ? appImage
    : null;

export function updateFormatOf(installation: Installation): Result<UpdateFormat, UpdateObstacle> {
  const { platform, isPackaged, packageType } = installation;
  // Another AppImage is a foreign program, which an update would destroy.
  if (platform === 'linux' && packageType === null && appImageOf(installation) !== null) return ok('appimage');
  if (!isPackaged) return fail('unpacked');
  if (platform === 'windows') return ok('nsis');
  // electron-updater hands a package to Squirrel, which installs it only after more steps than a quit leaves time for.
  if (platform === 'macos') return fail('macos');
  if (packageType === null) return fail('archive');
  return packageType === 'deb' ? ok('deb') : fail('package_manager');
}
