// The program that installs a downloaded package, and what its end means. No shell reads the arguments.
export interface InstallCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Ends when the package is installed. Root, such as in a kiosk, needs no password. */
export function debCommand(file: string, isRoot: boolean): InstallCommand {
  const install = ['/usr/bin/dpkg', '-i', file] as const;
  // The dialog of the desktop asks for the password. Without one pkexec would ask in a terminal that is not there.
  return isRoot ? commandOf(install) : { program: '/usr/bin/pkexec', args: ['--disable-internal-agent', ...install] };
}

/** Goes on after this program has ended, and starts the new version. The arguments are those of the NSIS script of electron-builder. */
export const nsisCommand = (file: string): InstallCommand => commandOf([file, '--updated', '/S', '--force-run']);

/** Null: installed. pkexec ends with 126 or 127 when the program did not run. */
export function debFailure(code: number | null, stderr: string): string | null {
  switch (code) {
    case 0:
      return null;
    case 126:
      return 'the password was not given';
    case 127:
      return 'nothing asked for the password';
    default: {
      const lines = stderr
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      const error = lines.slice(Math.max(0, lines.findIndex((line) => /error/i.test(line)))).join(' ');
      return `dpkg ended with code ${String(code)}: ${error}`.slice(0, 200);
    }
  }
}

const commandOf = ([program, ...args]: readonly [string, ...string[]]): InstallCommand => ({ program, args });
