// Shows that each lint rule of the architecture reports the code that it forbids, and no other code.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

async function rulesBroken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId ?? 'parse error'))].sort();
}

const pureFile = 'src/main/scheduler/lifecycle/rule.ts';
const mainFile = 'src/main/agent/rule.ts';

describe('purity', () => {
  test.each([
    ['Date.now()', 'no-restricted-syntax'],
    ['new Date()', 'no-restricted-syntax'],
    ['Date()', 'no-restricted-syntax'],
    ['Math.random()', 'no-restricted-syntax'],
    ['performance.now()', 'no-restricted-globals'],
    ['crypto.randomUUID()', 'no-restricted-globals'],
    ['globalThis.setTimeout', 'no-restricted-globals'],
    ['setTimeout(() => 0, 1)', 'no-restricted-globals'],
    ['setInterval(() => 0, 1)', 'no-restricted-globals'],
    ['fetch("x")', 'no-restricted-globals'],
  ])('purity: %s -> error in a pure folder, no error in a service', async (expression, rule) => {
    const code = `export const value = ${expression};\n`;
    expect(await rulesBroken(pureFile, code)).toEqual([rule]);
    expect(await rulesBroken(mainFile, code)).toEqual([]);
  });

  test('purity: date made from a parameter -> no error', async () => {
    expect(await rulesBroken(pureFile, 'export const iso = (ms: number): string => new Date(ms).toISOString();\n')).toEqual([]);
  });

  test.each([
    'src/shared/rule.ts',
    'src/main/scheduler/dispatch/filters/rule.ts',
    'src/main/scheduler/jobs/machine/rule.ts',
    'src/main/agent/session/rule.ts',
    'src/main/hardware/parse/rule.ts',
    'src/main/hardware/decide/rule.ts',
    'src/main/runtimes/core/servers/rule.ts',
  ])('purity: %s is in a pure folder', async (file) =>
    expect(await rulesBroken(file, 'export const now = Date.now();\n')).toEqual(['no-restricted-syntax']),
  );
});

describe('raw IPC', () => {
  const code = "import { ipcMain } from 'electron';\nipcMain.handle('x', () => 0);\n";

  test.each(['src/main/index.ts', 'src/main/desktop/window.ts'])('raw IPC: in %s -> error', async (file) => {
    expect(await rulesBroken(file, code)).toEqual(['@typescript-eslint/no-restricted-imports']);
  });

  test.each(['src/main/desktop/ipc-transport.ts', 'src/preload/index.ts'])('raw IPC: in %s -> no error', async (file) => {
    expect(await rulesBroken(file, code)).toEqual([]);
  });
});

describe('project rules', () => {
  test.each([
    ['any', 'export const a: any = 1;', '@typescript-eslint/no-explicit-any'],
    ['a non-null assertion', 'export const a = (b?: string): string => b!;', '@typescript-eslint/no-non-null-assertion'],
    ['an enum', 'export enum A { b }', 'no-restricted-syntax'],
    ['a private field of TypeScript', 'export class A {\n  private b = 1;\n}', 'no-restricted-syntax'],
    ['a private method of TypeScript', 'export class A {\n  private b(): void {}\n}', 'no-restricted-syntax'],
    ['a private parameter property', 'export class A {\n  constructor(private readonly b: number) {}\n}', 'no-restricted-syntax'],
    ['a default export', 'export default 1;', 'no-restricted-syntax'],
    ['console', "console.log('x');", 'no-console'],
    ['a value import of a type', "import { Clock } from './clock';\nexport let a: Clock;", '@typescript-eslint/consistent-type-imports'],
  ])('%s -> error', async (_title, code, rule) => {
    expect(await rulesBroken(mainFile, `${code}\n`)).toEqual([rule]);
  });

  test('file with more than 300 lines -> error', async () => {
    expect(await rulesBroken(mainFile, 'export {};\n'.repeat(301))).toEqual(['max-lines']);
  });

  test('function of src with more than 70 lines -> error', async () => {
    const code = `export function long(): void {\n${'  void 0;\n'.repeat(69)}}\n`;
    expect(await rulesBroken(mainFile, code)).toEqual(['max-lines-per-function']);
    expect(await rulesBroken('tests/unit/long.test.ts', code)).toEqual([]);
  });

  test('console in the command line -> no error, because the console is its output', async () => {
    expect(await rulesBroken('src/main/cli.ts', "console.log('x');\n")).toEqual([]);
  });
});

describe('clock in the name of an instant', () => {
  test.each([
    ['a variable', 'export const nowMs = 1;'],
    ['a parameter', 'export const a = (sinceMs: number): number => sinceMs;'],
    ['a function', 'export function graceUntilMs(): number {\n  return 1;\n}'],
    ['a property of a type', 'export interface A {\n  readonly startedAtMs: number;\n}'],
    ['a private field', 'export class A {\n  #deadlineMs = 1;\n  b = (): number => this.#deadlineMs;\n}'],
    ['a destructured property', 'export const a = ({ atMs }: { [key: string]: number }) => atMs;'],
  ])('clock in the name: %s without a clock -> error in src', async (_title, code) => {
    for (const file of [mainFile, pureFile]) expect(await rulesBroken(file, `${code}\n`)).toEqual(['no-restricted-syntax']);
  });

  test.each([
    [
      'an instant with its clock',
      'export const a = (nowWallMs: number, sinceMonotonicMs: number): number => nowWallMs + sinceMonotonicMs;',
    ],
    ['a duration', 'export const heartbeatMs = 1;'],
    ['a stored key', 'export const a = ({ endedAtMs: endedAtWallMs }: Record<string, number>) => ({ startedAtMs: endedAtWallMs });'],
  ])('clock in the name: %s -> no error', async (_title, code) => {
    expect(await rulesBroken(mainFile, `${code}\n`)).toEqual([]);
  });
});

describe('plain words', () => {
  test.each([
    ['an identifier', 'export const lastTold = 1;'],
    ['a comment', '// Nobody is told.\nexport const a = 1;'],
    ['a text', "export const a = 'Count anew';"],
    ['a Chinese text', "export const a = '收尾';"],
    ['an identifier of two words, in snake_case', 'export const last_words = 1;'],
    ['an identifier of two words, in camelCase', 'export const theLastWords = 1;'],
    ['a key of the wire', 'export const a = { passed_over: 1 };'],
    ['a property', 'export const a = (b: { passedOver: number }): number => b.passedOver;'],
    ['a code as a text', "export const a = 'passed_over';"],
    ['a name', "export const face = 'desktop';"],
    ['a name for the drain of a node', 'export const finishNode = 1;'],
  ])('%s with a replaced word -> an error', async (_title, code) => {
    expect(await rulesBroken(mainFile, `${code}\n`)).toEqual(['muster/plain-words']);
  });

  test('file name with a replaced word -> an error', async () => {
    expect(await rulesBroken('src/main/agent/last-words.ts', 'export {};\n')).toEqual(['muster/plain-words']);
  });

  test.each(['lastLine', 'passed', 'overPassed', 'interfaceOf', 'surface', 'finished_at', 'finishReason', 'roomy'])(
    'identifier %s -> no error',
    async (name) => {
      expect(await rulesBroken(mainFile, `export const ${name} = 1;\n`)).toEqual([]);
    },
  );

  test('standard terms -> no error', async () => {
    expect(await rulesBroken(mainFile, "// The scheduler drains the node.\nexport const drained = 'requeued';\n")).toEqual([]);
  });
});

describe('rules that need types', () => {
  const cases = [
    ['a floating promise', 'Promise.resolve();\nexport {};', 'no-floating-promises'],
    [
      'a promise where nothing waits for it',
      'export const a = (b: string[]) => { b.forEach(async () => Promise.resolve()); };',
      'no-misused-promises',
    ],
    [
      'a switch without one of the cases',
      "export function a(b: 'c' | 'd'): void {\n  switch (b) {\n    case 'c':\n      return;\n  }\n}",
      'switch-exhaustiveness-check',
    ],
    ['a condition that is always true', "export const a = (b: string): string => b ?? '';", 'no-unnecessary-condition'],
    [
      'a directive without a problem',
      '// oxlint-disable-next-line typescript/no-deprecated -- nothing\nexport const a = 1;',
      'unused directive',
    ],
    ['standard code', 'export const a = (b: string): string => b;', undefined],
  ] as const;
  const folder = mkdtempSync(join(tmpdir(), 'muster-lint-'));
  const reported = new Map<string, string>();

  interface Report {
    readonly diagnostics: readonly { readonly filename: string; readonly code?: string }[];
  }

  beforeAll(() => {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, module: 'esnext', target: 'esnext' } }));
    for (const [index, [, code]] of cases.entries()) writeFileSync(join(folder, `${String(index)}.ts`), `${code}\n`);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/oxlint/bin/oxlint'), '--config', '.oxlintrc.json', '--format', 'json', folder],
      { cwd: root, encoding: 'utf8' },
    );
    if (stdout === '') throw new Error(`oxlint: ${stderr}`);
    const { diagnostics } = JSON.parse(stdout) as Report;
    for (const { filename, code = 'unused directive' } of diagnostics)
      reported.set(basename(filename), /\((?<rule>.+)\)/.exec(code)?.groups?.['rule'] ?? code);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each(cases.map(([title, , rule], index) => [title, rule, index] as const))('%s -> %s', (_title, rule, index) => {
    expect(reported.get(`${String(index)}.ts`)).toBe(rule);
  });
});
