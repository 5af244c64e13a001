// Parses TOML to a tree in which every key has its line, for error texts with file and line (ADR 0011). The library gives the syntax
// tree with positions. Its own conversion to plain objects is not used: a key `__proto__` would change the prototype of all objects.
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { fail, ok, type Result } from '../../../shared/result';

export interface TomlTable {
  readonly kind: 'table';
  /** The line of the header or key that names the table first, counted from 1. */
  readonly line: number;
  readonly members: ReadonlyMap<string, TomlNode>;
}

/** A value or an array. The content of an array of tables is left out, because no key of the configuration has such an array. */
export interface TomlValue {
  readonly kind: 'value';
  readonly line: number;
  readonly value: unknown;
}

export type TomlNode = TomlTable | TomlValue;

export interface TomlSyntaxError {
  /** Null when the text is nested too deeply. */
  readonly line: number | null;
  readonly reason: string;
}

type Members = Map<string, TomlNode>;

/** The top-level table. A byte order mark is ignored. */
export function parseToml(source: string): Result<TomlTable, TomlSyntaxError> {
  const text = source.replace(/^\uFEFF/, '');
  try {
    const members: Members = new Map();
    for (const node of parseTOML(text).body[0].body) {
      if (node.type === 'TOMLKeyValue') addKeyValue(members, node);
      else addTable(members, node);
    }
    return ok({ kind: 'table', line: 1, members });
  } catch (cause) {
    if (cause instanceof ParseError) return fail({ line: lineOf(cause, text), reason: cause.message });
    // The parser is recursive: thousands of nested brackets exceed the stack.
    if (cause instanceof RangeError) return fail({ line: null, reason: 'nested too deeply' });
    throw cause;
  }
}

/** When something is missing at the end of a line, the parser reports the next token. The user looks for the line before. */
function lineOf({ index, lineNumber }: ParseError, text: string): number {
  const isAtEnd = text.slice(index, index + 1).trim() === '';
  return isAtEnd ? text.slice(0, index).trimEnd().split('\n').length : lineNumber;
}

function addTable(members: Members, { kind, key, body, loc: { start } }: AST.TOMLTable): void {
  const path = namesOf(key);
  if (kind === 'array') {
    const last = path.at(-1);
    const parent = tableAt(members, path.slice(0, -1), start.line);
    if (last !== undefined && parent?.has(last) === false) parent.set(last, { kind: 'value', line: start.line, value: [{}] });
    return;
  }
  const table = tableAt(members, path, start.line);
  if (table !== null) for (const keyValue of body) addKeyValue(table, keyValue);
}

function addKeyValue(members: Members, { key, value, loc: { start } }: AST.TOMLKeyValue): void {
  const path = namesOf(key);
  const last = path.at(-1);
  if (last !== undefined) tableAt(members, path.slice(0, -1), start.line)?.set(last, nodeOf(value, start.line));
}

/** The members of the table at this path, which is created when it is missing. Null inside an array of tables. */
function tableAt(members: Members, path: readonly string[], line: number): Members | null {
  let current = members;
  for (const name of path) {
    let next = current.get(name);
    if (next === undefined) current.set(name, (next = { kind: 'table', line, members: new Map() }));
    if (next.kind === 'value') return null;
    // Every table of this tree was created here, with a Map.
    current = next.members as Members;
  }
  return current;
}

const namesOf = ({ keys }: AST.TOMLKey): readonly string[] => keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));

function nodeOf(content: AST.TOMLContentNode, line: number): TomlNode {
  if (content.type !== 'TOMLInlineTable') return { kind: 'value', line, value: plainOf(content) };
  const members: Members = new Map();
  for (const keyValue of content.body) addKeyValue(members, keyValue);
  return { kind: 'table', line, members };
}

function plainOf(content: AST.TOMLContentNode): unknown {
  if (content.type === 'TOMLArray') return content.elements.map(plainOf);
  return content.type === 'TOMLInlineTable' ? {} : content.value;
}
