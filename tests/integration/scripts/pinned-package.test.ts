// Packages that the set-up installs by their hash, with real npm and a package of this test.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { npm } from '../../../scripts/npm.mjs';
import { SetupError, toolsDir } from '../../../scripts/paths.mjs';
import { hashOf, installPinned, packageHashes } from '../../../scripts/pinned-package.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'muster-pinned-'));
  mkdirSync(path.join(root, 'package'));
  mkdirSync(path.join(root, 'to'));
  const scripts = { postinstall: "node -e \"require('fs').writeFileSync('ran', '')\"" };
  writeFileSync(path.join(root, 'package', 'package.json'), JSON.stringify({ name: 'small', version: '1.0.0', scripts }));
  writeFileSync(path.join(root, 'package', 'index.js'), 'module.exports = 1;\n');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function hashOfPackage(): Promise<string> {
  const { command, args } = npm();
  spawnSync(command, [...args, 'pack', '--silent', '--pack-destination', root, path.join(root, 'package')]);
  const archive = readdirSync(root).find((name) => name.endsWith('.tgz'));
  return hashOf(path.join(root, archive ?? ''));
}

test('package with the pinned hash -> installed, its install script does not run', async () => {
  await installPinned(path.join(root, 'package'), path.join(root, 'to'), await hashOfPackage());
  const installed = path.join(root, 'to', 'node_modules', 'small');
  expect(existsSync(path.join(installed, 'index.js'))).toBe(true);
  expect(existsSync(path.join(installed, 'ran'))).toBe(false);
});

test('package with changed content -> SetupError, nothing installed', async () => {
  const hash = await hashOfPackage();
  writeFileSync(path.join(root, 'package', 'index.js'), 'module.exports = 2;\n');
  const installing = installPinned(path.join(root, 'package'), path.join(root, 'to'), hash);
  await expect(installing).rejects.toThrow(SetupError);
  await expect(installing).rejects.toThrow(/its content has changed/);
  expect(readdirSync(path.join(root, 'to'))).toEqual([]);
});

test('package without a hash -> refused before the download', async () => {
  await expect(installPinned('some-package@1.0.0', root)).rejects.toThrow(/has no hash/);
});

test('hashes: each is a whole sha512; the installed Node is a pinned one', () => {
  expect(packageHashes).not.toEqual({});
  for (const hash of Object.values(packageHashes)) expect(hash).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  const installed = path.join(toolsDir, 'node_modules');
  // Absent where the Node of the machine is new enough.
  if (!existsSync(installed)) return;
  for (const folder of readdirSync(installed).filter((entry) => entry.startsWith('node-'))) {
    const { name, version } = JSON.parse(readFileSync(path.join(installed, folder, 'package.json'), 'utf8')) as Record<string, string>;
    expect(Object.keys(packageHashes)).toContain(`${String(name)}@${String(version)}`);
  }
});
