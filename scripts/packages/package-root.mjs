// The files of a package in a folder that looks like the root of the system.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './tool.mjs';

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
 * The size of the files in a folder.
 * @param {string} root
 */
export const kibibytesOf = (root) => Number(run('du', ['-sk', '--apparent-size', root]).split('\t')[0]);
