// A copy of the system of this machine in which a test installs packages: an overlay over `/` with its own mounts and processes. Nothing
// changes outside. Needs root. One holder process owns everything: when its standard input closes, the kernel ends all processes inside.
import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testPackagesDir } from '../../../scripts/packages/package.mjs';
import { within } from '../within';

/** `$1`: the folder of the overlay. `$2`: that of the packages, which may be in /tmp. Files of the memory cover /run and /tmp: they are no part of the system. */
const HOLDER = `set -e
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs tmpfs run
mkdir run/packages
mount --bind "$2" run/packages
mount -t tmpfs -o mode=1777 tmpfs tmp
pivot_root . .
umount -l .
cd /
echo ready
exec cat >/dev/null`;

const RUN_LIMIT_MS = 180_000;

/** The place of a file of the packages folder in a copy of the system. */
export const inCopy = (file: string): string => path.join('/run/packages', path.relative(testPackagesDir, file));

export interface Person {
  readonly name: string;
  readonly home: string;
}

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class SystemCopy {
  readonly #holder: ChildProcess;
  readonly #folder: string;

  private constructor(holder: ChildProcess, folder: string) {
    this.#holder = holder;
    this.#folder = folder;
  }

  static async open(): Promise<SystemCopy> {
    const folder = mkdtempSync(path.join(tmpdir(), 'muster-system-'));
    const args = ['-mpf', '--propagation', 'private', '--kill-child', 'sh', '-c', HOLDER, 'sh', folder, testPackagesDir];
    const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = once(holder, 'exit').then(([code]) => {
      throw new Error(`no copy of the system here (unshare: ${String(code)})`);
    });
    await within('a copy of the system', Promise.race([once(holder.stdout, 'data'), failed]));
    return new SystemCopy(holder, folder);
  }

  /** A new ordinary user. */
  person(name: string): Person {
    this.run('useradd', '--create-home', '--shell', '/bin/sh', name);
    return { name, home: `/home/${name}` };
  }

  /** Runs a command as root to its end. Throws with its output when it fails. */
  run(...command: readonly string[]): string {
    const { code, stdout, stderr } = this.try(command);
    if (code !== 0) throw new Error(`${command.join(' ')}: exit code ${String(code)}: ${stderr || stdout}`);
    return stdout;
  }

  /** Runs a command to its end, as root or as a person. */
  try(command: readonly string[], person: Person | null = null, env: Readonly<Record<string, string>> = {}): Output {
    const [program, ...args] = this.#argv(command, person, env);
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: RUN_LIMIT_MS, maxBuffer: 64_000_000 });
    return { code: status, stdout, stderr };
  }

  spawn(command: readonly string[], person: Person | null, env: Readonly<Record<string, string>>, options: SpawnOptions): ChildProcess {
    const [program, ...args] = this.#argv(command, person, env);
    return spawn(program, args, options);
  }

  /** Writes a file that belongs to the person. */
  write(person: Person, file: string, content: string): void {
    const script = 'mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"';
    const { code, stderr } = this.try(['sh', '-c', script, 'sh', file, content], person);
    if (code !== 0) throw new Error(`${file}: ${stderr}`);
  }

  read(file: string): string {
    return this.run('cat', file);
  }

  exists(file: string): boolean {
    return this.try(['test', '-e', file]).code === 0;
  }

  /** The files that differ from those of this machine, sorted. Files of people are not files of the system. */
  changes(): readonly string[] {
    const upper = path.join(this.#folder, 'upper');
    return readdirSync(upper, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name).slice(upper.length))
      .filter((file) => !file.startsWith('/home/') && contentOf(path.join(upper, file)) !== contentOf(file))
      .toSorted();
  }

  async close(): Promise<void> {
    const ended = this.#holder.exitCode === null ? once(this.#holder, 'exit') : null;
    this.#holder.stdin?.end();
    if (ended !== null) await within('the end of the copy of the system', ended);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #argv(command: readonly string[], person: Person | null, env: Readonly<Record<string, string>>): readonly [string, ...string[]] {
    const home = person?.home ?? '/root';
    const variables = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, LANG: 'C.UTF-8', ...env };
    // A person has no open file of root, and a program without a person in front ends with the test.
    const asPerson = person === null ? [] : ['--reuid', person.name, '--regid', person.name, '--init-groups'];
    return [
      ...(['nsenter', '-t', String(this.#pid()), '-m', '-p', `--wdns=${home}`, 'setpriv', '--pdeathsig', 'KILL'] as const),
      ...asPerson,
      'env',
      '-i',
      ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      ...command,
    ];
  }

  /** The first process inside, as this machine numbers it. */
  #pid(): number {
    const { pid = 0 } = this.#holder;
    return Number(
      readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
        .trim()
        .split(' ')[0],
    );
  }
}

/** Null: there is no such file. A device in the overlay says that a file was deleted. */
function contentOf(file: string): string | null {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isCharacterDevice()) return null;
  return stats.isSymbolicLink() ? readlinkSync(file) : stats.isFile() ? readFileSync(file, 'latin1') : 'special';
}
