// The licences of the packages of npm whose code is in a package of Muster: each asks that its text goes with every copy.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';

/** @typedef {{ readonly name: string, readonly version: string, readonly license: string, readonly texts: readonly string[] }} ShippedPackage */

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/i;
const SOURCE_FILE = /\.(?:tsx?|css)$/;
/** `from 'x'`, `import 'x'`, `import('x')`. Types leave no code, so `import type` does not count. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[\w$*{}\s,]+?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/**
 * The packages that the program imports, which the build bundles, the dependencies of package.json, which electron-builder packs, and those
 * that they depend on.
 * @param {string} projectRoot
 * @returns {readonly ShippedPackage[]}
 */
export function shippedPackages(projectRoot) {
  /** @type {Map<string, ShippedPackage>} */
  const found = new Map();
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const direct = new Set([...importedPackages(join(projectRoot, 'src')), ...Object.keys(dependencies ?? {})]);
  const waiting = [...direct].map((name) => ({ name, from: projectRoot, isOptional: false }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = folderOf(next.name, next.from);
    if (folder === undefined) {
      if (next.isOptional) continue;
      throw new Error(`${next.name}, which ${next.from} needs, is not installed`);
    }
    if (found.has(folder)) continue;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    found.set(folder, { name: manifest.name, version: manifest.version, license: licenceOf(manifest), texts: licenceTexts(folder) });
    const optional = new Set(Object.keys(manifest.optionalDependencies ?? {}));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      waiting.push({ name, from: folder, isOptional: optional.has(name) });
    }
  }
  return [...found.values()].toSorted((a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`, 'en'));
}

/**
 * The names of the packages that sources import.
 * @param {string} folder
 * @returns {string[]}
 */
export function importedPackages(folder) {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => SOURCE_FILE.test(file));
  const specifiers = sources.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(IMPORT)].map(([, first, second]) => first ?? second ?? ''),
  );
  const names = specifiers
    .filter((specifier) => /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(names)].filter((name) => name !== 'electron' && !builtinModules.includes(name)).toSorted();
}

/**
 * The file that goes with the packages of Muster.
 * @param {readonly ShippedPackage[]} packages
 */
export function licencesText(packages) {
  const head =
    'Muster contains code of these packages. Their licences follow. LICENSE.node.txt has the licence of Node.js in the command line. ' +
    'In the desktop app, LICENSE.electron.txt and LICENSES.chromium.html have those of Electron.';
  const parts = packages.map(({ name, version, license, texts }) =>
    [`${'='.repeat(80)}\n${name} ${version}\nLicence: ${license}`, ...texts.map((text) => text.trim())].join('\n\n'),
  );
  return `${[head, ...parts].join('\n\n')}\n`;
}

/**
 * The folder of a package, searched as Node does.
 * @param {string} name
 * @param {string} from
 * @returns {string | undefined}
 */
function folderOf(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(from) === from ? undefined : folderOf(name, dirname(from));
}

/** @param {{ license?: unknown, licenses?: readonly { type?: string }[] }} manifest */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  const types = (licenses ?? []).flatMap(({ type }) => type ?? []);
  return types.length > 0 ? types.join(' OR ') : 'not stated';
}

/** @param {string} folder */
const licenceTexts = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8'));
