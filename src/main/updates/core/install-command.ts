// The program that installs a downloaded package, and what its end means. No shell reads the arguments.
import { MAX_REASON_LENGTH } from '../../../shared/api/update';
import { INSTALL_COMMAND, refusalIn } from './install-refusal';

export interface InstallCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** The package of a deb with the proof for the program that runs as root. */
export interface DebFiles {
  readonly metadata: string;
  readonly signature: string;
  readonly package: string;
}

/**
 * Ends when the package is installed. `cli`: the command line of this package. Only root can change it, so it verifies the files again: they
 * are of the user, and can change while the dialog waits for the password. Root, such as in a kiosk, needs no password.
 */
export function debCommand(cli: string, files: DebFiles, isRoot: boolean): InstallCommand {
  const install = [cli, INSTALL_COMMAND, files.metadata, files.signature, files.package] as const;
  // The dialog of the desktop asks for the password. Without one pkexec would ask in a terminal that is not there.
  return isRoot ? commandOf(install) : { program: '/usr/bin/pkexec', args: ['--disable-internal-agent', ...install] };
}

/** Goes on after this program has ended, and starts the new version. The arguments are those of the NSIS script of electron-builder. */
export const nsisCommand = (file: string): InstallCommand => commandOf([file, '--updated', '/S', '--force-run']);

/** Null: installed. pkexec ends with 126 or 127 when the program did not run. Other codes are of `muster install-update`, or of its dpkg. */
export function debFailure(code: number | null, stderr: string): string | null {
  if (code === 0) return null;
  if (code === 126) return 'the password was not given';
  if (code === 127) return 'nothing asked for the password';
  const refusal = refusalIn(code, stderr);
  if (refusal !== null) return refusal.slice(0, MAX_REASON_LENGTH);
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const firstError = lines.findIndex((line) => /error/i.test(line));
  const error = lines.slice(Math.max(0, firstError)).join(' ');
  return `dpkg ended with code ${String(code)}: ${error}`.slice(0, MAX_REASON_LENGTH);
}

const commandOf = ([program, ...args]: readonly [string, ...string[]]): InstallCommand => ({ program, args });
