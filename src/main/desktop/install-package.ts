// Installs the downloaded package of an update, as the last step of a quit, and starts the app again. On a failure the present version starts.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { UpdateFault } from '../../shared/api/update';
import { reasonOfError } from '../../shared/errors';
import { debCommand, debFailure, type DebFiles, type InstallCommand, nsisCommand } from '../updates/core/install-command';
import type { UpdateFormat } from '../updates/core/release';
import { isSignedFileNow } from '../updates/package-file';
import { SIGNATURE_ENDING } from '../updates/signature';
import type { SignedRelease } from '../updates/signed-release';
import { replaceAppImage } from './replace-app-image';

export interface PackageToInstall {
  readonly format: UpdateFormat;
  readonly path: string;
  readonly release: SignedRelease;
  /** Of an AppImage. */
  readonly appImage: string | null;
  /** Of a deb: its command line, which installs it as root. */
  readonly cliProgram: string | null;
  /** Starts the app when this process has ended. `appImage`: the file to start. */
  readonly restart: (appImage: string | null) => void;
  /** Else with the password of the user. */
  readonly debCommandOf?: (cli: string, files: DebFiles) => InstallCommand;
  /** Else the installer itself. */
  readonly nsisCommandOf?: (path: string) => InstallCommand;
}

export interface InstallFailure {
  readonly fault: UpdateFault;
  readonly reason: string;
}

/** Null: installed, or the installer of Windows runs. */
export async function installPackage(options: PackageToInstall): Promise<InstallFailure | null> {
  const { format, path, release, appImage, restart, nsisCommandOf = nsisCommand } = options;
  // The services took seconds to stop, and other programs of this user can change the file.
  if (!isSignedFileNow(path, release.file)) {
    rmSync(path, { force: true });
    restart(format === 'appimage' ? appImage : null);
    return { fault: 'corrupt', reason: 'the package changed after its download' };
  }
  switch (format) {
    case 'appimage': {
      const reason = replaceAppImage(path, appImage ?? '');
      restart(appImage);
      return failureOf(reason);
    }
    case 'deb': {
      const reason = installDeb(options);
      restart(null);
      return failureOf(reason);
    }
    case 'nsis': {
      const reason = await startDetached(nsisCommandOf(path));
      // The installer starts the new version.
      if (reason !== null) restart(null);
      return failureOf(reason);
    }
  }
}

const asUser = (cli: string, files: DebFiles): InstallCommand => debCommand(cli, files, process.getuid?.() === 0);

/** Null: installed. The program that runs as root gets the signed bytes, because it believes nothing of this program. */
function installDeb({ path, release: { signed }, cliProgram, debCommandOf = asUser }: PackageToInstall): string | null {
  if (cliProgram === null) return 'the command line is missing in this installation';
  const metadata = `${path}.yml`;
  const files: DebFiles = { metadata, signature: `${metadata}${SIGNATURE_ENDING}`, package: path };
  try {
    writeFileSync(files.metadata, signed.content);
    writeFileSync(files.signature, signed.signature);
    return runToEnd(debCommandOf(cliProgram, files));
  } catch (error) {
    return reasonOfError(error);
  } finally {
    for (const file of [files.metadata, files.signature]) rmSync(file, { force: true });
  }
}

const failureOf = (reason: string | null): InstallFailure | null => (reason === null ? null : { fault: 'not_installed', reason });

/** Blocks until the package manager has ended. It has no deadline, and no limit of its output, because an interruption would break packages. */
function runToEnd({ program, args }: InstallCommand): string | null {
  const { error, status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  return error === undefined ? debFailure(status, stderr) : reasonOfError(error);
}

/** Ends when the program runs. Null: it runs. */
async function startDetached({ program, args }: InstallCommand): Promise<string | null> {
  try {
    const child = spawn(program, args, { detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    child.unref();
    return null;
  } catch (error) {
    return reasonOfError(error);
  }
}
