// A small Debian with a real systemd in a folder, which systemd-nspawn boots. The machine of the test may have another first process.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolsDir } from '../../../scripts/paths.mjs';
import { requirePrograms, type Requirement } from '../requirements';

const PACKAGES = 'systemd,systemd-sysv,libpam-systemd,dbus,dbus-user-session,libstdc++6,curl,procps';
/** Downloads some 60 MB and unpacks them. */
const MAKE_LIMIT_MS = 900_000;
const RUN_LIMIT_MS = 300_000;

const CHECK_UNIT = `[Unit]
After=dbus.service systemd-sysusers.service
[Service]
ExecStart=/bin/sh -c '/check.sh >/check.log 2>&1; echo end >>/check.log; systemctl poweroff'
`;

export function requireBoot(): Requirement {
  if (process.getuid?.() !== 0) return { missing: 'only root can boot a system in a folder' };
  return requirePrograms('services', ['systemd-nspawn', 'mmdebstrap', 'dpkg', 'cp'], 'systemd-container mmdebstrap');
}

/** Boots a copy of the system with the files of a deb, runs the script as root, and turns the system off. Returns the output of the script. */
export function runBooted({ deb, script }: { readonly deb: string; readonly script: string }): string {
  const base = baseSystem();
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-boot-'));
  const root = path.join(folder, 'root');
  try {
    run('cp', ['-a', base, root]);
    // Without the libraries of the desktop. tests/packages/deb.test.ts installs the deb with its scripts.
    run('dpkg', ['-x', deb, root]);
    cpSync(script, path.join(root, 'check.sh'));
    writeFileSync(path.join(root, 'etc/systemd/system/check.service'), CHECK_UNIT);
    const wanted = path.join(root, 'etc/systemd/system/multi-user.target.wants');
    mkdirSync(wanted, { recursive: true });
    symlinkSync('../check.service', path.join(wanted, 'check.service'));
    // With its own network, so that its ports are not those of this machine.
    const args = ['-q', '--register=no', '--keep-unit', '--private-network', '-D', root, '-b'];
    const { stdout, stderr } = spawnSync('systemd-nspawn', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: RUN_LIMIT_MS,
    });
    const log = path.join(root, 'check.log');
    if (!existsSync(log)) throw new Error(`the system did not start: ${stderr}${stdout}`);
    return readFileSync(log, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Made once. A test works on a copy. MUSTER_BOOTED_SYSTEM names another folder, which several checkouts can share. */
function baseSystem(): string {
  const folder = process.env['MUSTER_BOOTED_SYSTEM'] ?? path.join(toolsDir, 'booted-system');
  if (existsSync(folder)) return folder;
  mkdirSync(toolsDir, { recursive: true });
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  run(
    'mmdebstrap',
    ['--variant=minbase', `--include=${PACKAGES}`, '--aptopt=Acquire::Languages "none"', 'trixie', unfinished],
    MAKE_LIMIT_MS,
  );
  renameSync(unfinished, folder);
  return folder;
}

function run(program: string, args: readonly string[], timeoutMs = RUN_LIMIT_MS): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: timeoutMs });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${String(status)}: ${stderr.slice(-2000)}`);
}
