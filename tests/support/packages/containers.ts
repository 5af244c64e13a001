// Podman in a folder of its own, for images that need no registry. Their base is a Debian that mmdebstrap makes.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolsDir } from '../../../scripts/paths.mjs';
import type { NetLab } from '../net-lab';
import { requirePrograms, type Requirement } from '../requirements';

const LIMIT_MS = 600_000;
/** OVERLAYFS_SUPER_MAGIC of Linux. An overlay cannot be on another one. */
const OVERLAY_FS = 0x794c7630;
const PATH = 'PATH=/usr/lib/postgresql/17/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a base image has beside Debian's smallest. `env` names a file that several checkouts can share. */
export interface Base {
  readonly image: string;
  readonly packages: string;
  readonly without: readonly string[];
  readonly env: string;
}

export const PROGRAM_BASE: Base = {
  image: 'localhost/muster-base',
  packages: 'libstdc++6',
  without: ['/usr/share/doc/*'],
  env: 'MUSTER_BASE_ARCHIVE',
};

/** Without the compiler of PostgreSQL, which is larger than the rest. */
export const SERVERS_BASE: Base = {
  image: 'localhost/muster-servers',
  packages: 'postgresql-17,nats-server,haproxy',
  without: ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '*/libLLVM*', '*/libz3*', '*/llvmjit*', '*/bitcode/*'],
  env: 'MUSTER_SERVERS_ARCHIVE',
};

export function requireContainers(): Requirement {
  if (process.getuid?.() !== 0) return { missing: 'the tests run podman as root' };
  const packages = 'podman podman-compose buildah runc mmdebstrap';
  return requirePrograms('container', ['podman', 'podman-compose', 'buildah', 'runc', 'mmdebstrap'], packages);
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Containers {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'muster-containers-'));
  readonly #env: NodeJS.ProcessEnv;
  readonly #network: NetLab | null;

  /** `network`: of the containers and of all programs that run here. Null: that of this process. */
  constructor(network: NetLab | null = null) {
    this.#network = network;
    const file = (name: string, text: string): string => {
      const target = path.join(this.folder, name);
      writeFileSync(target, text);
      return target;
    };
    // The storage, runc and the limits of this process work also where the test itself runs in a container.
    const driver = statfsSync(this.folder).type === OVERLAY_FS ? 'vfs' : 'overlay';
    const storage = `[storage]\ndriver = "${driver}"\nrunroot = "${this.folder}/run"\ngraphroot = "${this.folder}/store"\n`;
    const limits = { nofile: hardLimit('Max open files'), nproc: hardLimit('Max processes') };
    const ulimits = Object.entries(limits).map(([name, limit]) => `"${name}=${limit}:${limit}"`);
    const engine = `[containers]\ndefault_ulimits = [${ulimits.join(', ')}]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n`;
    this.#env = {
      ...process.env,
      CONTAINERS_STORAGE_CONF: file('storage.conf', storage),
      CONTAINERS_CONF: file('containers.conf', engine),
      BUILDAH_ISOLATION: 'chroot',
      PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
    };
  }

  /** Runs a program to its end. Throws with its output when it fails. */
  run(program: string, ...args: readonly string[]): string {
    const { code, stdout, stderr } = this.try(program, ...args);
    if (code !== 0)
      throw new Error(`${program} ${args.join(' ')}: exit code ${String(code)}: ${stderr.slice(-2000)}${stdout.slice(-2000)}`);
    return stdout;
  }

  /** Runs a program beside the test. Containers that it starts keep its output open, so that goes to a file. Throws with it when the program fails. */
  async start(env: Readonly<Record<string, string>>, program: string, ...args: readonly string[]): Promise<void> {
    const [file, ...rest] = this.#argv(program, args);
    const log = path.join(this.folder, `${program}.log`);
    const output = openSync(log, 'w');
    const child = spawn(file, rest, { env: { ...this.#env, ...env }, timeout: LIMIT_MS, stdio: ['ignore', output, output] });
    closeSync(output);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${String(code)}: ${readFileSync(log, 'utf8').slice(-2000)}`);
  }

  try(program: string, ...args: readonly string[]): Ran {
    const [file, ...rest] = this.#argv(program, args);
    const { status, stdout, stderr } = spawnSync(file, rest, { encoding: 'utf8', env: this.#env, timeout: LIMIT_MS });
    return { code: status, stdout, stderr };
  }

  #argv(program: string, args: readonly string[]): readonly [string, ...string[]] {
    return this.#network?.argv('', [program, ...args]) ?? [program, ...args];
  }

  /** A base image in place of one of a registry. Returns its name. */
  importBase(base: Base): string {
    this.run('podman', 'import', '--quiet', '--change', `ENV ${PATH}`, archiveOf(base), base.image);
    return base.image;
  }

  close(): void {
    this.try('podman', 'rm', '--all', '--force', '--time', '0');
    this.try('podman', 'system', 'reset', '--force');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Of this process, as the kernel prints it. */
const hardLimit = (name: string): string => {
  const line = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(readFileSync('/proc/self/limits', 'utf8'));
  return (line?.[1] ?? '').replace('unlimited', '-1');
};

/** Made once. */
function archiveOf({ image, packages, without, env }: Base): string {
  const file = process.env[env] ?? path.join(toolsDir, `${path.basename(image)}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(toolsDir, { recursive: true });
  const unfinished = `${file}.new.tar`;
  const excluded = without.map((pattern) => `--dpkgopt=path-exclude=${pattern}`);
  const args = ['--variant=minbase', `--include=${packages}`, ...excluded, 'trixie', unfinished];
  const { status, stderr } = spawnSync('mmdebstrap', args, { encoding: 'utf8', timeout: LIMIT_MS });
  if (status !== 0) throw new Error(`mmdebstrap: ${stderr.slice(-2000)}`);
  renameSync(unfinished, file);
  return file;
}
