import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyrightFile, nodeLicence } from '../../../../scripts/packages/licence-files.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'muster-node-licence-'));
  mkdirSync(path.join(root, 'bin'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const LICENCE = 'Node.js is licensed for use as follows:\n\nText\n';

test('licence of Node.js: above bin, or beside the executable as on Windows -> its text', () => {
  writeFileSync(path.join(root, 'LICENSE'), LICENCE);
  expect(nodeLicence(path.join(root, 'bin', 'node'))).toBe(LICENCE);
  expect(nodeLicence(path.join(root, 'node.exe'))).toBe(LICENCE);
});

test('licence of Node.js: none, or the licence of another program -> error that names the places', () => {
  const node = path.join(root, 'bin', 'node');
  expect(() => nodeLicence(node)).toThrow(path.join(root, 'LICENSE'));
  writeFileSync(path.join(root, 'LICENSE'), 'MIT License\n');
  expect(() => nodeLicence(node)).toThrow(/Fix: use a Node\.js from/);
});

test('copyright: licence of the project -> form of Debian, empty lines as dots', () => {
  const text = copyrightFile('MIT License\n\nCopyright (c) 2026 The authors\n\nPermission is granted.\n\nNo warranty.\n');
  expect(text).toMatch(/^Copyright: 2026 The authors\nLicense: MIT\n Permission is granted\.\n \.\n No warranty\.\n$/m);
});
