// Sets or removes one key of a TOML text and leaves the rest as it is: comments, order, blank lines, line endings, a byte order mark.
// Only a missing line ending at the end of the text is added.
// The places for a new key are tried in order. A result counts only when it parses and differs from the text before in this key alone
// (ADR 0029).
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { fail, ok, type Result } from '../../../shared/result';
import { arrayText } from './toml-arrays';
import { keyText, type TomlInput, valueText } from './toml-text';
import { differsInKeyAlone } from './toml-difference';

/** Sections and name: at least one section. */
export type TomlPath = readonly [string, string, ...string[]];

/** `syntax`: the text is not TOML. `not_editable`: no place for the key was found, for example in an array of tables. */
export type TomlEditError = 'syntax' | 'not_editable';

export function setTomlKey(source: string, path: TomlPath, value: TomlInput): Result<string, TomlEditError> {
  return edited(source, path, value, (document) => {
    const existing = document.keyValues.find((keyValue) => samePath(keyValue.path, path));
    return existing === undefined ? newKey(document, path, value) : [newValue(document, existing, value)];
  });
}

/** Without the key, the text stays as it is. */
export function unsetTomlKey(source: string, path: TomlPath): Result<string, TomlEditError> {
  return edited(source, path, null, (document) => {
    const existing = document.keyValues.find((keyValue) => samePath(keyValue.path, path));
    return [existing === undefined ? document.text : withoutKey(document, existing)];
  });
}

interface KeyValue {
  readonly node: AST.TOMLKeyValue;
  /** From the root of the document. Numbers are places in an array of tables. */
  readonly path: readonly (string | number)[];
  /** The path of the table whose body has this line. */
  readonly base: readonly (string | number)[];
}

interface Document {
  readonly text: string;
  readonly program: AST.TOMLProgram;
  readonly tables: readonly AST.TOMLTable[];
  readonly keyValues: readonly KeyValue[];
  readonly newline: string;
}

function edited(
  source: string,
  path: TomlPath,
  value: TomlInput | null,
  edit: (document: Document) => readonly string[],
): Result<string, TomlEditError> {
  const mark = source.startsWith('\uFEFF') ? '\uFEFF' : '';
  const plain = source.slice(mark.length);
  // The parser gives a wrong range for a 0 at the end of the text.
  const text = plain === '' || plain.endsWith('\n') ? plain : `${plain}${newlineOf(plain)}`;
  const before = programOf(text);
  if (before === null) return fail('syntax');
  const found = edit(documentOf(text, before)).find((candidate) => {
    const after = programOf(candidate);
    return after !== null && differsInKeyAlone({ text, program: before }, { text: candidate, program: after }, path, value);
  });
  return found === undefined ? fail('not_editable') : ok(`${mark}${found}`);
}

function programOf(text: string): AST.TOMLProgram | null {
  try {
    return parseTOML(text);
  } catch (cause) {
    // The parser is recursive: thousands of nested brackets exceed the stack.
    if (cause instanceof ParseError || cause instanceof RangeError) return null;
    throw cause;
  }
}

function documentOf(text: string, program: AST.TOMLProgram): Document {
  const body = program.body[0].body;
  const tables = body.filter((node) => node.type === 'TOMLTable');
  const keyValues = body.flatMap((node) =>
    node.type === 'TOMLKeyValue' ? keyValuesOf(node, []) : node.body.flatMap((keyValue) => keyValuesOf(keyValue, node.resolvedKey)),
  );
  return { text, program, tables, keyValues, newline: newlineOf(text) };
}

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** The line itself, and those of its inline table. */
function keyValuesOf(node: AST.TOMLKeyValue, base: readonly (string | number)[]): readonly KeyValue[] {
  const path = [...base, ...namesOf(node.key)];
  const inner = node.value.type === 'TOMLInlineTable' ? node.value.body.flatMap((part) => keyValuesOf(part, path)) : [];
  return [{ node, path, base }, ...inner];
}

const namesOf = ({ keys }: AST.TOMLKey): readonly string[] => keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));

const samePath = (one: readonly (string | number)[], other: readonly (string | number)[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at]);

const startsWith = (path: readonly (string | number)[], head: readonly (string | number)[]): boolean =>
  samePath(path.slice(0, head.length), head);

const replaced = (text: string, from: number, to: number, by: string): string => `${text.slice(0, from)}${by}${text.slice(to)}`;

const indentAt = (text: string, at: number): string => /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))?.[0] ?? '';

/** The comments of a list that becomes another value move above its line. */
function newValue({ text, program, newline }: Document, { node }: KeyValue, value: TomlInput): string {
  const { value: before } = node;
  const indent = indentAt(text, node.range[0]);
  const { comments } = program;
  if (isList(value))
    return replaced(
      text,
      ...before.range,
      arrayText(value, before.type === 'TOMLArray' ? before : null, { text, comments, newline, indent }),
    );
  const inside = comments.filter(({ range }) => range[0] > before.range[0] && range[1] < before.range[1]);
  const above = inside.map((comment) => `#${comment.value}${newline}${indent}`).join('');
  const line = `${text.slice(node.range[0], before.range[0])}${valueText(value, text.slice(...before.range))}`;
  return replaced(text, ...node.range, `${above}${line}`);
}

const isList = (value: TomlInput): value is readonly string[] => Array.isArray(value);

/** The texts with the key at each place that may take it, the best place first. */
function newKey(document: Document, path: TomlPath, value: TomlInput): readonly string[] {
  const section = path.slice(0, -1);
  const { tables, keyValues } = document;
  const own = tables.filter(({ resolvedKey }) => samePath(resolvedKey, section));
  const siblings = keyValues.filter(({ path: at, base }) => startsWith(at, section) && startsWith(section, base));
  const inline = keyValues.filter(({ node, path: at }) => node.value.type === 'TOMLInlineTable' && startsWith(section, at));
  return [
    ...own.map((table) => inTable(document, table, keyValueText(path.slice(-1), value))),
    ...inline.filter((keyValue) => samePath(keyValue.path, section)).map((keyValue) => inInline(document, keyValue, path, value)),
    ...siblings.toReversed().map((sibling) => afterSibling(document, sibling, path, value)),
    ...inline.map((keyValue) => inInline(document, keyValue, path, value)),
    newTable(document, path, value),
  ];
}

const keyValueText = (path: readonly string[], value: TomlInput): string =>
  `${keyText(path)} = ${isList(value) ? `[${value.map((item) => valueText(item)).join(', ')}]` : valueText(value)}`;

/** After the last line of the table, or after its header. */
function inTable({ text, newline }: Document, table: AST.TOMLTable, line: string): string {
  const last = table.body.at(-1);
  const end = (last ?? table).range[1];
  const indent = last === undefined ? '' : indentAt(text, last.range[0]);
  return insertedAfterLine(text, end, `${indent}${line}`, newline);
}

function insertedAfterLine(text: string, at: number, line: string, newline: string): string {
  const next = text.indexOf('\n', at) + 1;
  return replaced(text, next, next, `${line}${newline}`);
}

/** A dotted key beside another key of the same section. */
function afterSibling(document: Document, { node, base }: KeyValue, path: TomlPath, value: TomlInput): string {
  const { text, newline } = document;
  const line = keyValueText(path.slice(base.length), value);
  if (node.parent.type === 'TOMLInlineTable') return replaced(text, node.range[1], node.range[1], `, ${line}`);
  return insertedAfterLine(text, node.range[1], `${indentAt(text, node.range[0])}${line}`, newline);
}

function inInline({ text }: Document, { node, path: at }: KeyValue, path: TomlPath, value: TomlInput): string {
  const line = keyValueText(path.slice(at.length), value);
  const table = node.value;
  const last = table.type === 'TOMLInlineTable' ? table.body.at(-1) : undefined;
  if (last !== undefined) return replaced(text, last.range[1], last.range[1], `, ${line}`);
  const inside = text.slice(table.range[0] + 1, table.range[1] - 1);
  return inside.trim() === '' ? replaced(text, table.range[0], table.range[1], `{ ${line} }`) : text;
}

/** A new table behind the last table of the same part of the configuration, else at the end of the text. */
function newTable({ text, tables, newline }: Document, path: TomlPath, value: TomlInput): string {
  const lines = `[${keyText(path.slice(0, -1))}]${newline}${keyValueText(path.slice(-1), value)}${newline}`;
  const last = tables.findLastIndex(({ resolvedKey }) => resolvedKey[0] === path[0]);
  const next = last < 0 ? undefined : tables[last + 1];
  const at = next === undefined ? text.length : startOfBlock(text, next.range[0]);
  const head = text.slice(0, at);
  const gap = head.trim() === '' || /\n[ \t]*\r?\n$/.test(head) ? '' : newline;
  return `${head}${gap}${lines}${next === undefined ? '' : newline}${text.slice(at)}`;
}

/** The start of the comments that stand directly above a header: they belong to it. */
function startOfBlock(text: string, headerStart: number): number {
  let start = text.lastIndexOf('\n', headerStart - 1) + 1;
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !text.slice(above, start).trimStart().startsWith('#')) return start;
    start = above;
  }
}

/** Comments of the line, also those inside the value, stay on lines of their own. */
function withoutKey(document: Document, { node }: KeyValue): string {
  const { text, program, newline } = document;
  if (node.parent.type === 'TOMLInlineTable') return withoutInlineKey(document, node, node.parent);
  const start = text.lastIndexOf('\n', node.range[0] - 1) + 1;
  const end = text.indexOf('\n', node.range[1]) + 1;
  const indent = indentAt(text, node.range[0]);
  const comments = program.comments.filter(({ range }) => range[0] > node.range[0] && range[1] <= end);
  return replaced(text, start, end, comments.map(({ value }) => `${indent}#${value}${newline}`).join(''));
}

function withoutInlineKey({ text, program }: Document, node: AST.TOMLKeyValue, { body }: AST.TOMLInlineTable): string {
  const at = body.indexOf(node);
  const [before, after] = [body[at - 1], body[at + 1]];
  if (after !== undefined) return replaced(text, node.range[0], after.range[0], '');
  if (before !== undefined) return replaced(text, before.range[1], node.range[1], '');
  const next = program.tokens.find(({ range }) => range[0] >= node.range[1]);
  return replaced(text, node.range[0], next?.value === ',' ? next.range[1] : node.range[1], '');
}
