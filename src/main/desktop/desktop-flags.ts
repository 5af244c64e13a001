// The command-line flags of the desktop app. Chromium and Electron have their own switches, so unknown flags are ignored. A join link ends
// the flags.
import { argumentsBeforeLink } from './core/outside-link';

export interface DesktopFlags {
  /** One folder for all files of Muster. */
  readonly dataDir: string | null;
  readonly configFile: string | null;
  /** `"NAME:GB"`, several with commas. */
  readonly simulateGpu: string | null;
  /** Start in the tray, without the window: the login item starts the app so. */
  readonly background: boolean;
}

/** Parses `--background`, `--data-dir DIR`, `--config FILE` and `--simulate-gpu "NAME:GB"`, each also as `--name=value`. The last one wins. */
export function parseDesktopFlags(args: readonly string[]): DesktopFlags {
  const argv = argumentsBeforeLink(args);
  return {
    dataDir: lastValue(argv, 'data-dir'),
    configFile: lastValue(argv, 'config'),
    simulateGpu: lastValue(argv, 'simulate-gpu'),
    background: argv.includes('--background'),
  };
}

function lastValue(argv: readonly string[], name: string): string | null {
  let value: string | null = null;
  for (const [index, argument] of argv.entries()) {
    if (argument.startsWith(`--${name}=`)) value = argument.slice(name.length + 3);
    else if (argument === `--${name}`) value = argv[index + 1] ?? null;
  }
  return value === '' ? null : value;
}
