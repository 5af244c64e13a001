// Packages that one test needs, installed once into .tools/: too large for dependencies of the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { toolsDir } from '../../scripts/paths.mjs';
import { npm } from '../../scripts/npm.mjs';
import type { Requirement } from './requirements';

const INSTALL_TIMEOUT_MS = 180_000;

/** The `node_modules` with these packages (`name@version`), in a folder of this name; or the reason why it is missing. CI never skips. */
export function requireNpmPackages(name: string, packages: readonly string[]): Requirement {
  const folder = path.join(toolsDir, name);
  const reason = existsSync(folder) ? null : install(folder, packages);
  if (reason === null) return { path: path.join(folder, 'node_modules') };
  if (process.env['MUSTER_FORBID_SKIP'] === '1') throw new Error(`The ${name} tests may not be skipped, but ${reason}`);
  return { missing: reason };
}

/** Made in a temporary folder and renamed at the end, so that no test finds a partial one. */
function install(folder: string, packages: readonly string[]): string | null {
  mkdirSync(toolsDir, { recursive: true });
  const work = mkdtempSync(path.join(toolsDir, 'being-made-'));
  try {
    const { command, args } = npm();
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
    const { status } = spawnSync(command, [...args, 'install', '--prefix', work, ...flags, ...packages], {
      timeout: INSTALL_TIMEOUT_MS,
      stdio: 'ignore',
    });
    if (status !== 0) return `${packages.join(' and ')} could not be installed. Fix: make the npm registry reachable`;
    try {
      renameSync(work, folder);
    } catch (cause) {
      // Another run finished first. Its result is equal.
      if (!existsSync(folder)) throw cause;
    }
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
