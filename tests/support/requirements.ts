// The programs that tests need: a path, or the reason for skipping the suite.
// With MUSTER_FORBID_SKIP=1 a missing program throws: CI never skips.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram, requireChromium as findChromium, requireDesktop as findDesktop } from '../../scripts/requirements.mjs';
import type { Requirement } from '../../scripts/requirements.mjs';

export type { Requirement };

/** The Electron executable that can show a window here (see desktop-display.ts for the display). */
export function requireDesktop(): Requirement {
  return orFail('desktop', findDesktop());
}

/** The Chromium executable for the dashboard. */
export function requireChromium(): Requirement {
  return orFail('web', findChromium());
}

/** A program of the system by name; `packages`: the packages of Debian that have it. */
export const requireProgram = (name: string, packages: string): Requirement => requirePrograms(name, [name], packages);

/** Programs that a suite needs together. The path is that of the first one. */
export function requirePrograms(suite: string, names: readonly [string, ...string[]], packages: string): Requirement {
  const missing = names.filter((name) => findProgram(name) === undefined);
  const found = findProgram(names[0]);
  return orFail(
    suite,
    found === undefined || missing.length > 0
      ? { missing: `there is no ${missing.join(', ')}. Fix: apt-get install ${packages}` }
      : { path: found },
  );
}

const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/** The folder with the programs of the newest PostgreSQL, and PgBouncer. Distributions do not put the folder into PATH. */
export function requirePostgres(): Requirement {
  const others = requirePrograms('PostgreSQL', ['setpriv', 'pgbouncer'], 'postgresql pgbouncer util-linux');
  if (others.missing !== undefined) return others;
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS).filter((name) => /^\d+$/.test(name)) : [];
  const folder = versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => path.join(POSTGRES_VERSIONS, version, 'bin'))
    .find((programs) => ['initdb', 'postgres', 'pg_basebackup', 'pg_ctl'].every((name) => existsSync(path.join(programs, name))));
  return orFail(
    'PostgreSQL',
    folder === undefined ? { missing: 'there is no PostgreSQL. Fix: apt-get install postgresql' } : { path: folder },
  );
}

const NETWORK_PACKAGES = 'iproute2 nftables util-linux procps iputils-ping tcpdump';

/** Network namespaces and the programs that tests use in them. */
export function requireNamespaces(): Requirement {
  const programs = requirePrograms('network', ['unshare', 'nsenter', 'setpriv', 'ip', 'nft', 'pgrep', 'ping', 'tcpdump'], NETWORK_PACKAGES);
  if (programs.missing !== undefined) return programs;
  const { status } = spawnSync('unshare', [...(process.getuid?.() === 0 ? [] : ['-Ur']), '-nm', 'true']);
  return orFail('network', status === 0 ? { path: 'unshare' } : { missing: 'this system forbids network namespaces (unshare fails)' });
}

/** For the title of a suite: why it is skipped. */
export function skipNote({ missing }: Pick<Requirement, 'missing'>): string {
  return missing === undefined ? '' : ` (skipped: ${missing})`;
}

/** The arguments of a real Chromium or Electron in tests: no GPU, and no sandbox when root runs the tests. */
export function chromiumSwitches(): string[] {
  return process.getuid?.() === 0 ? ['--disable-gpu', '--no-sandbox'] : ['--disable-gpu'];
}

function orFail(suite: string, requirement: Requirement): Requirement {
  if (requirement.missing !== undefined && process.env['MUSTER_FORBID_SKIP'] === '1') {
    throw new Error(`The ${suite} tests may not be skipped, but ${requirement.missing}`);
  }
  return requirement;
}
