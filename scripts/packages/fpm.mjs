#!/usr/bin/env node
// Takes the place of fpm when electron-builder makes a deb, rpm or pacman package (CUSTOM_FPM_PATH). fpm is a download from GitHub that no
// lockfile pins, and it calls the same tools: dpkg-deb, rpmbuild and bsdtar. It knows the arguments that electron-builder passes, and
// refuses all others.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDeb } from './deb.mjs';
import { parseFpmArguments } from './fpm-arguments.mjs';
import { buildPacman } from './pacman.mjs';
import { buildRpm } from './rpm.mjs';
import { copyFiles } from './package-root.mjs';

const builders = { deb: buildDeb, rpm: buildRpm, pacman: buildPacman };

const work = mkdtempSync(join(tmpdir(), 'muster-package-'));
try {
  const parsed = parseFpmArguments(process.argv.slice(2));
  // Tests choose the fastest compression.
  const description = { ...parsed, compression: process.env['MUSTER_PACKAGE_COMPRESSION'] ?? parsed.compression };
  const root = join(work, 'root');
  mkdirSync(root);
  copyFiles(description.files, root);
  builders[description.target](description, root, work);
} catch (error) {
  process.stderr.write(`fpm: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
