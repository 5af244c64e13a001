// Where the packages of each system have the command line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packagedCliProgram } from '../../../src/main/desktop/packaged-cli';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-package-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['linux', 'cli/muster'],
  ['win32', 'cli/muster.exe'],
  ['darwin', 'resources/cli/muster'],
] as const)('packaged command line: %s -> %s; absent -> null', (platform, place) => {
  const resources = path.join(folder, 'resources');
  expect(packagedCliProgram(resources, platform)).toBeNull();
  const file = path.join(folder, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  expect(packagedCliProgram(resources, platform)).toBe(file);
});
