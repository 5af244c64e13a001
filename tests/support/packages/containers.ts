// Podman in a folder of its own, for images that need no registry. The base image is a Debian that mmdebstrap makes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolsDir } from '../../../scripts/paths.mjs';
import { requirePrograms, type Requirement } from '../requirements';

const BASE_IMAGE = 'localhost/muster-base';
const LIMIT_MS = 600_000;

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

  constructor() {
    const file = (name: string, text: string): string => {
      const target = path.join(this.folder, name);
      writeFileSync(target, text);
      return target;
    };
    // vfs, runc and the limits of this process work also where the test itself runs in a container.
    const storage = `[storage]\ndriver = "vfs"\nrunroot = "${this.folder}/run"\ngraphroot = "${this.folder}/store"\n`;
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

  try(program: string, ...args: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: this.#env, timeout: LIMIT_MS });
    return { code: status, stdout, stderr };
  }

  /** The base image in place of the one of a registry. */
  importBase(): string {
    this.run('podman', 'import', '--quiet', '--change', 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin', baseArchive(), BASE_IMAGE);
    return BASE_IMAGE;
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

/** Made once. MUSTER_BASE_ARCHIVE names another file, which several checkouts can share. */
function baseArchive(): string {
  const file = process.env['MUSTER_BASE_ARCHIVE'] ?? path.join(toolsDir, 'container-base.tar');
  if (existsSync(file)) return file;
  mkdirSync(toolsDir, { recursive: true });
  const unfinished = `${file}.new.tar`;
  const args = ['--variant=minbase', '--include=libstdc++6', '--dpkgopt=path-exclude=/usr/share/doc/*', 'trixie', unfinished];
  const { status, stderr } = spawnSync('mmdebstrap', args, { encoding: 'utf8', timeout: LIMIT_MS });
  if (status !== 0) throw new Error(`mmdebstrap: ${stderr.slice(-2000)}`);
  renameSync(unfinished, file);
  return file;
}
