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

export function updateFormatOf(installation: Installation): Result<UpdateFormat, UpdateObstacle> {
  const { platform, isPackaged, packageType, appImage, appDir, execPath } = installation;
  if (platform === 'linux' && packageType === null && appImage !== null && appDir !== null)
    // A program that runs outside of the mounted folder is another one: replacing that AppImage would destroy a foreign program.
    if (appImage.startsWith('/') && execPath.startsWith(`${appDir.replace(/\/+$/, '')}/`)) return ok('appimage');
  if (!isPackaged) return fail('unpacked');
  if (platform === 'windows') return ok('nsis');
  // electron-updater hands a package to Squirrel, which installs it only after more steps than a quit leaves time for.
  if (platform === 'macos') return fail('macos');
  if (packageType === null) return fail('archive');
  return packageType === 'deb' ? ok('deb') : fail('package_manager');
}
