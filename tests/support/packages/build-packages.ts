// Global set-up of the suite `packages`: builds the packages with the fastest compression, and a deb of an older version for the upgrade.
// MUSTER_KEEP_PACKAGES=1 takes those of the last run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../../scripts/paths.mjs';
import { OLD_VERSION } from './package-files';

export default async function setup(): Promise<void> {
  if (process.env['MUSTER_KEEP_PACKAGES'] === '1') return;
  await npmRunPackage('--fast', '--set-version', OLD_VERSION, 'dir', 'deb');
  await npmRunPackage('--fast', 'dir', 'deb', 'rpm', 'pacman');
}

async function npmRunPackage(...args: readonly string[]): Promise<void> {
  const program = path.join(projectRoot, 'scripts', 'muster.mjs');
  const child = spawn(process.execPath, [program, 'package', ...args], { cwd: projectRoot, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`npm run package -- ${args.join(' ')}: exit code ${String(code)}`);
}
