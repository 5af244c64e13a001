// A `systemd-inhibit` that writes its process id: a mock service cannot pass the file descriptor of a real lock.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface InhibitLock {
  /** First in PATH. */
  readonly folder: string;
  /** Null: no lock is held. */
  readonly pid: () => number | null;
  /** What the newest lock delays. */
  readonly arguments: () => string;
}

export function inhibitLock(folder: string): InhibitLock {
  mkdirSync(folder, { recursive: true });
  const [pidFile, argumentsFile] = [path.join(folder, 'pid'), path.join(folder, 'arguments')];
  const script = path.join(folder, 'systemd-inhibit');
  writeFileSync(script, `#!/bin/sh\necho $$ > ${pidFile}\necho "$@" > ${argumentsFile}\nexec cat\n`);
  chmodSync(script, 0o755);
  return {
    folder,
    pid: () => {
      try {
        const pid = Number(readFileSync(pidFile, 'utf8'));
        return process.kill(pid, 0) ? pid : null;
      } catch {
        return null;
      }
    },
    arguments: () => readFileSync(argumentsFile, 'utf8'),
  };
}
