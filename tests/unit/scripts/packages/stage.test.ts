import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importedPackages, licencesText, shippedPackages } from '../../../../scripts/packages/licences.mjs';
import { withRelease } from '../../../../scripts/packages/stage.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'muster-licences-'));
  write('package.json', '{}');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}
const writePackage = (folder: string, manifest: object, licence?: string): void => {
  write(`${folder}/package.json`, JSON.stringify({ version: '1.0.0', license: 'MIT', ...manifest }));
  if (licence !== undefined) write(`${folder}/LICENSE.md`, licence);
};

test('licences: imports in every form -> names of packages, without types, own files, Node.js and Electron', () => {
  write(
    'src/a.ts',
    `import a from 'a';
import { b } from "@scope/b/deep";
import type { c } from 'types-only';
import {
  d,
} from 'd';
import 'e/styles.css';
export { f } from 'f';
import x from './own';
import fs from 'node:fs';
import path from 'path';
import { app } from 'electron';
const g = await import('g');
export const text = 'h';
`,
  );
  expect(importedPackages(path.join(root, 'src'))).toEqual(['@scope/b', 'a', 'd', 'e', 'f', 'g']);
});

test('licences: dependencies of dependencies, two versions, none for what is optional and missing', () => {
  write('src/a.ts', "import a from 'a';\n");
  writePackage('node_modules/a', { name: 'a', dependencies: { b: '1', c: '1' }, optionalDependencies: { 'not-here': '1' } }, 'Text of a');
  writePackage('node_modules/b', { name: 'b', licenses: [{ type: 'ISC' }], license: undefined });
  writePackage('node_modules/c', { name: 'c', dependencies: { b: '2' } });
  writePackage('node_modules/c/node_modules/b', { name: 'b', version: '2.0.0' });
  const packages = shippedPackages(root);
  expect(packages.map(({ name, version, license, texts }) => [name, version, license, texts])).toEqual([
    ['a', '1.0.0', 'MIT', ['Text of a']],
    ['b', '1.0.0', 'ISC', []],
    ['b', '2.0.0', 'MIT', []],
    ['c', '1.0.0', 'MIT', []],
  ]);
  expect(licencesText(packages)).toContain(`${'='.repeat(80)}\na 1.0.0\nLicence: MIT\n\nText of a\n`);
});

test('licences: a package that is needed is not installed -> error that names both', () => {
  write('src/a.ts', "import a from 'a';\n");
  expect(() => shippedPackages(root)).toThrow(`a, which ${root} needs, is not installed`);
});

test('licences: a dependency that no source imports -> is in the packages, too', () => {
  write('src/a.ts', "import fs from 'node:fs';\n");
  write('package.json', JSON.stringify({ dependencies: { d: '1' } }));
  writePackage('node_modules/d', { name: 'd' });
  expect(shippedPackages(root).map(({ name }) => name)).toEqual(['d']);
});

test.each([
  ['0.1.0', '0.1.0'],
  ['1.0.0-rc.1', '1.0.0~rc.1'],
])('AppStream: version %s -> release %s, so that a pre-release sorts before its release', (version, release) => {
  expect(withRelease('<releases/>\n', { version, releasedOn: '2026-11-30' })).toBe(
    `<releases>\n    <release version="${release}" date="2026-11-30"/>\n  </releases>\n`,
  );
});
