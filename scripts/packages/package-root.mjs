// The files of a package in a folder that looks like the root of the system, and the tools that pack it.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {import('./fpm-arguments.mjs').FileMapping} FileMapping */

/**
 * @param {readonly FileMapping[]} files a `from` with a slash at its end is the content of a folder
 * @param {string} root
 */
export function copyFiles(files, root) {
  for (const { from, to } of files) {
    const target = join(root, to);
    mkdirSync(from.endsWith('/') ? target : dirname(target), { recursive: true });
    run('cp', ['-a', from.endsWith('/') ? `${from}.` : from, target]);
  }
  // The modes of the build machine (its umask) do not reach other machines. Programs stay programs, and nothing is set-uid.
  run('chmod', ['-R', 'u=rwX,go=rX', root]);
  run('find', [root, '-type', 'd', '-exec', 'chmod', '755', '{}', '+']);
}

/**
 * Runs a tool. Throws with its output when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').ExecFileSyncOptions} [options]
 */
export function run(program, args, options = {}) {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64_000_000, ...options }).toString();
}

/**
 * The size of the files in a folder.
 * @param {string} root
 */
export const kibibytesOf = (root) => Number(run('du', ['-sk', '--apparent-size', root]).split('\t')[0]);

/**
 * The architecture as rpm and pacman name it. electron-builder passes Debian's name.
 * @param {Pick<import('./fpm-arguments.mjs').PackageDescription, 'architecture'>} description
 */
export const machineOf = ({ architecture }) => (architecture === 'amd64' ? 'x86_64' : architecture);
