// Holds the source to the table of forbidden imports in .dependency-cruiser.cjs, and each row of that table to being able to fail.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.cjs';
import { violations } from './cruise';

const root = join(import.meta.dirname, '../..');

/** For each rule, a file that breaks it and nothing else that matters. */
const breaches: Record<string, { readonly file: string; readonly imports: string }> = {
  'electron-in-its-rooms': { file: 'src/main/agent/shell.ts', imports: 'electron' },
  'pure-imports-pure': { file: 'src/main/scheduler/lifecycle/reads.ts', imports: 'node:fs' },
  'mapping-is-pure': { file: 'src/main/hardware/gpu-mapping.ts', imports: 'node:child_process' },
  'shared-stands-alone': { file: 'src/shared/leans.ts', imports: '../main/platform/clock' },
  'renderer-knows-only-shared': { file: 'src/renderer/peeks.ts', imports: '../main/platform/clock' },
  'renderer-without-node': { file: 'src/renderer/reads.ts', imports: 'node:fs' },
  'preload-knows-only-shared': { file: 'src/preload/reads.ts', imports: 'node:fs' },
  'main-without-renderer': { file: 'src/main/draws.ts', imports: '../renderer/window' },
  'agent-without-scheduler': { file: 'src/main/agent/decides.ts', imports: '../scheduler/policy' },
  'scheduler-without-agent': { file: 'src/main/scheduler/runs.ts', imports: '../agent/job' },
  'platform-knows-no-service': { file: 'src/main/platform/knows.ts', imports: '../agent/job' },
  'product-without-tests': { file: 'src/main/borrows.ts', imports: '../../tests/builder' },
  'main-runs-on-dependencies': { file: 'src/main/uses.ts', imports: 'vite' },
  'no-cycles': { file: 'src/main/circle.ts', imports: './circle-back' },
  'nothing-unresolved': { file: 'src/main/lost.ts', imports: './nowhere' },
};

/** What the breaches import. */
const innocents: Record<string, string> = {
  'package.json': '{ "devDependencies": { "electron": "*", "vite": "*" } }',
  'node_modules/electron/index.js': '',
  'node_modules/electron/package.json': '{ "name": "electron" }',
  'node_modules/vite/index.js': '',
  'node_modules/vite/package.json': '{ "name": "vite" }',
  'src/main/platform/clock.ts': 'export const clock = 1;',
  'src/renderer/window.ts': 'export const window = 1;',
  'src/main/scheduler/policy.ts': 'export const policy = 1;',
  'src/main/agent/job.ts': 'export const job = 1;',
  'tests/builder.ts': 'export const builder = 1;',
  'src/main/circle-back.ts': "import './circle';",
};

describe('the table of forbidden imports', () => {
  let folder: string;
  let found: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-imports-'));
    const files = {
      ...innocents,
      ...Object.fromEntries(Object.values(breaches).map(({ file, imports }) => [file, `import '${imports}';`])),
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    found = await violations(config, ['src'], folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(config.forbidden ?? [])('says no to a breach of $name', ({ name = '' }) => {
    const breach = breaches[name];
    expect(breach, `a breach of ${name} belongs into this test`).toBeDefined();
    expect(found.filter((violation) => violation.startsWith(`${name}: `) && violation.includes(breach?.file ?? name))).not.toEqual([]);
  });
});

describe('the source', () => {
  let found: string[];

  beforeAll(async () => {
    found = await violations(config, ['src'], root);
  });

  test.each(config.forbidden ?? [])('keeps to $name: $comment', ({ name }) => {
    expect(found.filter((violation) => violation.startsWith(`${name}: `))).toEqual([]);
  });
});
