// Compares two TOML documents: whether an edit changed one key alone, and kept every comment and every header.
import type { AST } from 'toml-eslint-parser';
import type { TomlInput } from './toml-text';

export interface ParsedToml {
  readonly text: string;
  readonly program: AST.TOMLProgram;
}

/** `value`: the value of the key afterwards. Null: the key is gone. */
export function differsInKeyAlone(before: ParsedToml, after: ParsedToml, path: readonly string[], value: TomlInput | null): boolean {
  const key = JSON.stringify(path);
  const [old, next] = [leavesOf(before), leavesOf(after)];
  const found = next.get(key);
  if (value === null ? found !== undefined : !isValue(found?.node, value)) return false;
  old.delete(key);
  next.delete(key);
  const keepsValues = old.size === next.size && [...old].every(([name, { text }]) => next.get(name)?.text === text);
  return keepsValues && keepsComments(before.program, after.program) && keepsTables(before.program, after.program);
}

interface Leaf {
  readonly node: AST.TOMLContentNode;
  readonly text: string;
}

/** Every value that is no table, by its path. */
function leavesOf({ text, program }: ParsedToml): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const add = ({ key, value }: AST.TOMLKeyValue, base: readonly (string | number)[]): void => {
    const path = [...base, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))];
    if (value.type === 'TOMLInlineTable') for (const inner of value.body) add(inner, path);
    else leaves.set(JSON.stringify(path), { node: value, text: text.slice(...value.range) });
  };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') add(node, []);
    else for (const keyValue of node.body) add(keyValue, node.resolvedKey);
  }
  return leaves;
}

function isValue(node: AST.TOMLContentNode | undefined, value: TomlInput): boolean {
  if (node === undefined || node.type === 'TOMLInlineTable') return false;
  if (node.type === 'TOMLValue') return node.value === value;
  return (
    Array.isArray(value) && node.elements.length === value.length && node.elements.every((item, at) => isValue(item, value[at] as string))
  );
}

const keepsComments = (before: AST.TOMLProgram, after: AST.TOMLProgram): boolean =>
  textOf(before.comments.map(({ value }) => value.trim())) === textOf(after.comments.map(({ value }) => value.trim()));

const textOf = (values: readonly string[]): string => JSON.stringify(values.toSorted());

/** An edit may add a header, and removes none. */
function keepsTables(before: AST.TOMLProgram, after: AST.TOMLProgram): boolean {
  const headers = new Set(headersOf(after));
  return headersOf(before).every((header) => headers.has(header));
}

const headersOf = (program: AST.TOMLProgram): readonly string[] =>
  program.body[0].body.flatMap((node) => (node.type === 'TOMLTable' ? [`${node.kind} ${JSON.stringify(node.resolvedKey)}`] : []));
