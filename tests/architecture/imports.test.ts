// Checks the source against the table of imports in .dependency-cruiser.cjs, and shows that each rule of that table can fail.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.cjs';
import { layers, pureFolders } from '../../architecture.cjs';
import { folderImports, violations } from './cruise';

const root = join(import.meta.dirname, '../..');

interface Breach {
  readonly file: string;
  readonly imports: string;
}

/** For each rule that is not a layer, a file that breaks only this rule. */
const otherBreaches: Record<string, Breach> = {
  'electron-in-the-shell': { file: 'src/main/agent/shell.ts', imports: 'electron' },
  'pure-imports-pure': { file: 'src/main/scheduler/lifecycle/reads.ts', imports: 'node:fs' },
  'renderer-without-node': { file: 'src/renderer/reads.ts', imports: 'node:fs' },
  'preload-without-node': { file: 'src/preload/reads.ts', imports: 'node:fs' },
  'shared-without-packages': { file: 'src/shared/reads.ts', imports: 'node:fs' },
  'product-without-tests': { file: 'src/main/borrows.ts', imports: '../../tests/builder' },
  'main-runs-on-dependencies': { file: 'src/main/uses.ts', imports: 'vite' },
  'no-cycles': { file: 'src/main/cycle.ts', imports: './cycle-back' },
  'nothing-unresolved': { file: 'src/main/lost.ts', imports: './nowhere' },
};

const layerRuleOf = (folder: string): string => `layer-${folder.replace(/^main\//, '').replaceAll('/', '-')}`;
const firstFile = (folder: string): string => `src/${folder}/first.ts`;

/** A file of the layer that imports the first folder that the layer may not import. */
function layerBreach({ folder, may }: (typeof layers)[number]): Breach {
  const isInside = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`);
  const forbidden = layers.find((other) => ![folder, 'shared', ...may].some((allowed) => isInside(other.folder, allowed)));
  if (forbidden === undefined) throw new Error(`${folder} may import everything, so its row forbids nothing`);
  return { file: `src/${folder}/breach.ts`, imports: `${'../'.repeat(folder.split('/').length)}${forbidden.folder}/first` };
}

const breaches: Record<string, Breach> = {
  ...Object.fromEntries(layers.map((layer) => [layerRuleOf(layer.folder), layerBreach(layer)])),
  ...otherBreaches,
};

/** The files and packages that the breaches import. They break no rule themselves. */
const importedFiles: Record<string, string> = {
  ...Object.fromEntries(layers.map(({ folder }) => [firstFile(folder), 'export const first = 1;'])),
  'package.json': '{ "devDependencies": { "electron": "*", "vite": "*" } }',
  'node_modules/electron/index.js': '',
  'node_modules/electron/package.json': '{ "name": "electron" }',
  'node_modules/vite/index.js': '',
  'node_modules/vite/package.json': '{ "name": "vite" }',
  'tests/builder.ts': 'export const builder = 1;',
  'src/main/cycle-back.ts': "import './cycle';",
};

describe('layers', () => {
  const foldersOf = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

  test.each([
    ['src', ''],
    ['src/main', 'main/'],
    ['src/main/scheduler', 'main/scheduler/'],
  ])('layers: every folder of %s has a row', (folder, prefix) => {
    const rows = layers.map((layer) => layer.folder);
    const missing = foldersOf(folder)
      .map((name) => `${prefix}${name}`)
      .filter((name) => name !== 'main' && !rows.includes(name));
    expect(missing).toEqual([]);
  });

  test('layers: every folder that a row names exists', () => {
    const named = layers.flatMap(({ folder, may }) => [folder, ...may]);
    expect(named.filter((folder) => !existsSync(join(root, 'src', folder)))).toEqual([]);
  });

  test('layers: no row allows an import that no file uses', async () => {
    const used = await folderImports(root);
    const unused = layers.flatMap(({ folder, may }) =>
      may
        .filter((other) => !used.some(({ from, to }) => from.startsWith(`src/${folder}/`) && to.startsWith(`src/${other}/`)))
        .map((other) => `${folder} -> ${other}`),
    );
    expect(unused).toEqual([]);
  });
});

describe('pure folders', () => {
  test('pure folders: tsconfig.pure.json names the same folders as architecture.cjs', () => {
    const { config: pureProject } = ts.readConfigFile(join(root, 'tsconfig.pure.json'), (file) => readFileSync(file, 'utf8'));
    const { include } = pureProject as { include: string[] };
    expect(include).toEqual(['src/shared', ...pureFolders.map((name) => `src/main/**/${name}/**/*.ts`)]);
  });
});

describe('table of forbidden imports', () => {
  let folder: string;
  let found: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-imports-'));
    const files = {
      ...importedFiles,
      ...Object.fromEntries(Object.values(breaches).map(({ file, imports }) => [file, `import '${imports}';`])),
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    found = await violations(config, ['src'], folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(config.forbidden ?? [])('breach of $name -> reported', ({ name = '' }) => {
    const breach = breaches[name];
    expect(breach, `this test has no breach of ${name}: add one`).toBeDefined();
    expect(found.filter((violation) => violation.startsWith(`${name}: `) && violation.includes(breach?.file ?? name))).not.toEqual([]);
  });
});

describe('source', () => {
  let found: string[];

  beforeAll(async () => {
    found = await violations(config, ['src'], root);
  });

  test.each(config.forbidden ?? [])('no breach of $name: $comment', ({ name = '' }) => {
    expect(found.filter((violation) => violation.startsWith(`${name}: `))).toEqual([]);
  });
});
