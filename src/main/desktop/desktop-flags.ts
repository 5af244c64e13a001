// The desktop app's command line: a few of ours among Chromium's and Electron's own switches, which are not ours to judge.

export interface DesktopFlags {
  /** Puts every file of Muster into one folder. */
  readonly dataDir: string | null;
  readonly configFile: string | null;
  /** `"NAME:GB"`, several with commas. */
  readonly simulateGpu: string | null;
}

/** Reads `--data-dir DIR`, `--config FILE` and `--simulate-gpu "NAME:GB"`, each also as `--name=value`; the last one counts. */
export function readDesktopFlags(argv: readonly string[]): DesktopFlags {
  return { dataDir: lastValue(argv, 'data-dir'), configFile: lastValue(argv, 'config'), simulateGpu: lastValue(argv, 'simulate-gpu') };
}

function lastValue(argv: readonly string[], name: string): string | null {
  let value: string | null = null;
  for (const [index, argument] of argv.entries()) {
    if (argument.startsWith(`--${name}=`)) value = argument.slice(name.length + 3);
    else if (argument === `--${name}`) value = argv[index + 1] ?? null;
  }
  return value === '' ? null : value;
}
