// A disk that is really full: a small file system in its own mount namespace. Where no file system can be mounted: the kernel's
// limit on the size of files. `wrap` goes before the command line of a program to run it on the disk.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { MusterLab, MusterProcess } from '../muster-process';
import { until } from '../until';

export interface SmallDisk {
  readonly wrap: readonly string[];
  /** Goes before a path on the disk, to read it from outside. */
  readonly root: string;
  fill(program: Program): void;
  free(program: Program): void;
}

/** A process on the disk. */
type Program = Pick<MusterProcess, 'child'>;

export type DiskKind = 'file system' | 'file size limit';

const MB = 1024 * 1024;
const BLOCK = Buffer.alloc(4096, '.');
const unshare = (): readonly string[] => ['unshare', ...(process.getuid?.() === 0 ? ['-m'] : ['-rm'])];

/** The kinds that this machine allows: at least one on any Linux. */
export function diskKinds(): readonly DiskKind[] {
  if (process.platform !== 'linux') return [];
  return canMount() ? ['file system', 'file size limit'] : ['file size limit'];
}

function canMount(): boolean {
  const [program, ...args] = [...unshare(), 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/tmp'];
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function openSmallDisk(kind: DiskKind, lab: MusterLab, folder: string, megabytes: number): Promise<SmallDisk> {
  mkdirSync(folder, { recursive: true });
  return kind === 'file system' ? mounted(lab, folder, megabytes) : Promise.resolve(LIMITED);
}

/** The namespace exists as long as the process that holds it, even when the programs in the namespace end. */
async function mounted(lab: MusterLab, folder: string, megabytes: number): Promise<SmallDisk> {
  const script = 'mount -t tmpfs -o size="$1"m none "$0" && : > "$0/.mounted" && exec sleep infinity';
  const [program, ...args] = [...unshare(), 'sh', '-c', script, folder, String(megabytes)];
  const holder = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  lab.own(holder);
  const pid = String(holder.pid);
  const root = `/proc/${pid}/root`;
  await until('the disk to be mounted', () => existsSync(path.join(root, folder, '.mounted')));
  const ballast = path.join(root, folder, '.ballast');
  const user = process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials'];
  return {
    wrap: ['nsenter', '-t', pid, ...user, '-m', '--'],
    root,
    fill() {
      const file = openSync(ballast, 'a');
      try {
        for (let i = 0; i < (megabytes * MB) / BLOCK.length; i++) writeSync(file, BLOCK);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        closeSync(file);
      }
    },
    free() {
      rmSync(ballast, { force: true });
    },
  };
}

const limit = (program: Program, bytes: string): void => {
  execFileSync('prlimit', ['--pid', String(program.child.pid), `--fsize=${bytes}:unlimited`]);
};

const LIMITED: SmallDisk = {
  wrap: [],
  root: '',
  fill(program) {
    limit(program, '1');
  },
  free(program) {
    // The limit ends with the program.
    if (program.child.exitCode === null && program.child.signalCode === null) limit(program, 'unlimited');
  },
};
