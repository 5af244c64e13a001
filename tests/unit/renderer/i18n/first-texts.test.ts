// The parts that do not wait for the later texts (src/renderer/i18n/texts.ts) use only first texts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { laterEn } from '../../../../src/renderer/i18n/en/en-later';
import { textsOf } from '../support/catalogue';
import { collectNames, namesBelow, type Names, unusedKeys } from '../support/key-usage';

const FOLDER = path.resolve('src/renderer');

/** The files that a file imports at once, and those that it imports later but without waiting for the later texts. */
function importsOf(file: string): string[] {
  const found: string[] = [];
  const add = (name: ts.Expression): void => {
    const target = ts.isStringLiteral(name) && name.text.startsWith('.') ? path.resolve(path.dirname(file), name.text) : null;
    const resolved = target === null ? undefined : [`${target}.ts`, `${target}.tsx`].find(ts.sys.fileExists);
    if (resolved?.startsWith(FOLDER) === true && !/i18n[\\/](?:en|zh-cn)[\\/]/.test(resolved)) found.push(resolved);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'withTexts') return;
    if (ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) add(node.moduleSpecifier);
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node.moduleSpecifier);
    const [argument] = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
    if (argument !== undefined) add(argument);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

function closureOf(file: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const next of importsOf(file)) closureOf(next, found);
  return found;
}

const namesIn = (files: Iterable<string>): Names => {
  const names = collectNames('');
  for (const file of files) collectNames(readFileSync(file, 'utf8'), names);
  return names;
};

const CODES = ['src/shared', 'src/main'].map(namesBelow);
const laterKeys = [...textsOf(laterEn).keys()];
const laterKeysOf = (files: Iterable<string>): string[] => {
  const unused = new Set(unusedKeys(laterKeys, namesIn(files), CODES));
  // The operation of AppApi has the name of a key.
  return laterKeys.filter((key) => !unused.has(key) && key !== 'members.revoke');
};

test('parts that do not wait for the later texts -> use none of them', () => {
  const first = closureOf(path.join(FOLDER, 'main.tsx'));
  expect([...first].map((file) => path.basename(file))).toEqual(expect.arrayContaining(['ComputerPage.tsx', 'PoolPage.tsx', 'Rail.tsx']));
  expect([...first].map((file) => path.basename(file))).not.toContain('LogsPage.tsx');
  expect(laterKeysOf(first)).toEqual([]);
});

test('a part that waits for the later texts uses some of them, so the check can fail', () => {
  expect(laterKeysOf([path.join(FOLDER, 'pages/logs/LogsPage.tsx')])).toContain('logs.title');
});
