// Checks the source against the table of imports in .dependency-cruiser.cjs, and shows that each rule of that table can fail.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.cjs';
import { layers, pureFolders } from '../../architecture.cjs';
import { type Cruised, cruised } from './cruise';

const root = join(import.meta.dirname, '../..');

interface Breach {
  readonly file: string;
  readonly imports: readonly string[];
}

/** For each rule that is not a layer, a file that breaks only this rule. */
const otherBreaches: Record<string, Breach> = {
  'electron-in-the-shell': { file: 'src/main/agent/shell.ts', imports: ['electron'] },
  'pure-imports-pure': { file: 'src/main/scheduler/lifecycle/reads.ts', imports: ['node:fs'] },
  'pages-apart': { file: 'src/renderer/pages/jobs/borrows.ts', imports: ['../computer/first'] },
  'renderer-without-node': { file: 'src/renderer/reads.ts', imports: ['node:fs'] },
  'preload-without-node': { file: 'src/preload/reads.ts', imports: ['node:fs'] },
  'shared-without-packages': { file: 'src/shared/reads.ts', imports: ['node:fs'] },
  'product-without-tests': { file: 'src/main/borrows.ts', imports: ['../../tests/builder'] },
  'main-runs-on-dependencies': { file: 'src/main/uses.ts', imports: ['vite'] },
  'no-cycles': { file: 'src/main/cycle.ts', imports: ['./cycle-back'] },
  'nothing-unresolved': { file: 'src/main/lost.ts', imports: ['./nowhere'] },
};

const layerRuleOf = (folder: string): string => `layer-${folder.replace(/^main\//, '').replaceAll('/', '-')}`;
const firstFile = (folder: string): string => `src/${folder}/first.ts`;

/**
 * The folders that the layer may not import. A folder outside of `shared` may import all of `shared`. A folder inside `shared` may
 * import only the files that are directly in `shared`.
 */
function forbiddenFor({ folder, may }: (typeof layers)[number]): readonly string[] {
  const isInside = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`);
  const isShared = (other: string): boolean => (folder.startsWith('shared/') ? other === 'shared' : isInside(other, 'shared'));
  return layers
    .map((layer) => layer.folder)
    .filter((other) => !isShared(other) && ![folder, ...may].some((allowed) => isInside(other, allowed)));
}

/** A file of the layer that imports every folder that the layer may not import. */
const layerBreach = (layer: (typeof layers)[number]): Breach => ({
  file: `src/${layer.folder}/breach.ts`,
  imports: forbiddenFor(layer).map((other) => `${'../'.repeat(layer.folder.split('/').length)}${other}/first`),
});

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

/** Of src, read once for all tests. */
let source: Cruised;
beforeAll(async () => {
  source = await cruised(config, ['src'], root);
}, 120_000);

describe('layers', () => {
  /** `main` has only entry files beside its folders. `public` has no code. */
  const withoutRow = ['main', 'renderer/public'];
  const foldersOf = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

  test.each([
    ['src', ''],
    ['src/shared', 'shared/'],
    ['src/renderer', 'renderer/'],
    ['src/main', 'main/'],
    ['src/main/scheduler', 'main/scheduler/'],
  ])('layers: every folder of %s has a row', (folder, prefix) => {
    const rows = layers.map((layer) => layer.folder);
    const missing = foldersOf(folder)
      .map((name) => `${prefix}${name}`)
      .filter((name) => !withoutRow.includes(name) && !rows.includes(name));
    expect(missing).toEqual([]);
  });

  test('layers: every folder or file named in a row exists', () => {
    const named = layers.flatMap(({ folder, may }) => [folder, ...may]);
    expect(named.filter((folder) => !existsSync(join(root, 'src', folder)))).toEqual([]);
  });

  test('layers: no row allows an import that no file uses', () => {
    const isIn = (file: string, name: string): boolean => file === `src/${name}` || file.startsWith(`src/${name}/`);
    // A file in a folder with a row of its own counts for that row only.
    const rowOf = (file: string): string | undefined =>
      layers
        .map(({ folder }) => folder)
        .filter((folder) => isIn(file, folder))
        .sort((one, other) => other.length - one.length)[0];
    const used = Map.groupBy(source.imports, ({ from }) => rowOf(from));
    const unused = layers.flatMap(({ folder, may }) =>
      may.filter((other) => !used.get(folder)?.some(({ to }) => isIn(to, other))).map((other) => `${folder} -> ${other}`),
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
  let found: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-imports-'));
    const files = {
      ...importedFiles,
      ...Object.fromEntries(
        Object.values(breaches).map(({ file, imports }) => [file, imports.map((name) => `import '${name}';`).join('\n')]),
      ),
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    ({ violations: found } = await cruised(config, ['src'], folder));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(layers)('layers: each import that the row of $folder does not allow -> reported', (layer) => {
    const name = layerRuleOf(layer.folder);
    const forbidden = forbiddenFor(layer);
    expect(forbidden, `${layer.folder} may import everything, so its row forbids nothing`).not.toEqual([]);
    const { file } = layerBreach(layer);
    expect(found.filter((violation) => violation.startsWith(`${name}: `))).toEqual(
      forbidden.map((other) => `${name}: ${file} -> ${firstFile(other)}`).sort(),
    );
  });

  test.each(config.forbidden ?? [])('breach of $name -> reported', ({ name = '' }) => {
    const breach = breaches[name];
    expect(breach, `this test has no breach of ${name}: add one`).toBeDefined();
    expect(found.filter((violation) => violation.startsWith(`${name}: `) && violation.includes(breach?.file ?? name))).not.toEqual([]);
  });
});

describe('source', () => {
  test.each(config.forbidden ?? [])('no breach of $name: $comment', ({ name = '' }) => {
    expect(source.violations.filter((violation) => violation.startsWith(`${name}: `))).toEqual([]);
  });
});
