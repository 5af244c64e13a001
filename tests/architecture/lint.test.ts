// Shows that each lint rule of the architecture reports the code that it forbids, and no other code.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Without the rules that need types: the files of these tests do not exist, so no project has them. */
const eslint = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });
/** With `CI=true`, typescript-eslint lints each file once and ignores a second text of it. These tests lint other texts. */
const typedEslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } },
});

async function rulesBroken(file: string, code: string, linter = eslint): Promise<string[]> {
  const [result] = await linter.lintText(code, { filePath: join(root, file) });
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
  /** A file of tsconfig.node.json, linted with other code than its own. */
  const typedFile = 'src/shared/result.ts';

  test.each([
    ['a floating promise', 'Promise.resolve();\nexport {};', '@typescript-eslint/no-floating-promises'],
    [
      'a promise where nothing waits for it',
      'export const a = (b: string[]) => { b.forEach(async () => Promise.resolve()); };',
      '@typescript-eslint/no-misused-promises',
    ],
    [
      'a switch without one of the cases',
      "export function a(b: 'c' | 'd'): void {\n  switch (b) {\n    case 'c':\n      return;\n  }\n}",
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    ['a condition that is always true', 'export const a = (b: string): string => b ?? 1;', '@typescript-eslint/no-unnecessary-condition'],
  ])('%s -> error', async (_title, code, rule) => {
    expect(await rulesBroken(typedFile, `${code}\n`, typedEslint)).toEqual([rule]);
  });
});
