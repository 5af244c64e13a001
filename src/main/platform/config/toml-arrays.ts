// An array of a TOML file with other elements: kept elements keep their text, and every comment stays.
import type { AST } from 'toml-eslint-parser';
import { valueText } from './toml-text';

type Comment = AST.TOMLProgram['comments'][number];

export interface ArrayContext {
  readonly text: string;
  /** Of the whole file. */
  readonly comments: readonly Comment[];
  readonly newline: string;
  /** The indentation of the line with the key. */
  readonly indent: string;
}

/** The text of the array. Over several lines when it was, or when it has comments. */
export function arrayText(values: readonly string[], before: AST.TOMLArray | null, context: ArrayContext): string {
  const comments = before === null ? [] : context.comments.filter(({ range }) => isInside(range, before.range));
  if (before === null || (before.loc.start.line === before.loc.end.line && comments.length === 0))
    return `[${values.map((value) => valueText(value)).join(', ')}]`;
  if (values.length === 0 && comments.length === 0) return '[]';
  const { newline, indent } = context;
  const lines = arrayLines(values, before, comments, context.text);
  const elementIndent = indentOfElements(before, context) ?? `${indent}  `;
  return ['[', ...lines.map((line) => `${elementIndent}${line}`), `${indent}]`].join(newline);
}

/** The elements in the order of `values`. The comment of a removed element stays on a line of its own. */
function arrayLines(values: readonly string[], { elements }: AST.TOMLArray, comments: readonly Comment[], text: string): string[] {
  const lines: string[] = [];
  let next = 0;
  const add = (until: number): void => {
    for (; next < until; next++) lines.push(`${valueText(values[next] ?? '')},`);
  };
  const trailing = new Set(elements.flatMap((element) => commentAfter(element, elements, comments) ?? []));
  const parts = [...elements, ...comments.filter((comment) => !trailing.has(comment))].sort((one, other) => one.range[0] - other.range[0]);
  for (const part of parts) {
    if (part.type === 'Block') {
      lines.push(`#${part.value}`);
      continue;
    }
    const comment = commentAfter(part, elements, comments);
    const note = comment === null ? '' : `#${comment.value}`;
    const at = part.type === 'TOMLValue' && part.kind === 'string' ? values.indexOf(part.value, next) : -1;
    if (at < 0) {
      if (note !== '') lines.push(note);
      continue;
    }
    add(at);
    next++;
    lines.push(`${text.slice(...part.range)},${note === '' ? '' : ` ${note}`}`);
  }
  add(values.length);
  return lines;
}

/** The comment behind an element on the same line. */
function commentAfter(
  element: AST.TOMLContentNode,
  elements: readonly AST.TOMLContentNode[],
  comments: readonly Comment[],
): Comment | null {
  const after = comments.find(({ range, loc }) => range[0] > element.range[1] && loc.start.line === element.loc.end.line);
  const isLast = !elements.some(({ range, loc }) => range[0] > element.range[0] && loc.start.line === element.loc.end.line);
  return isLast ? (after ?? null) : null;
}

function indentOfElements({ elements: [first], loc }: AST.TOMLArray, { text }: ArrayContext): string | null {
  if (first === undefined || first.loc.start.line === loc.start.line) return null;
  const lineStart = text.lastIndexOf('\n', first.range[0] - 1) + 1;
  const before = text.slice(lineStart, first.range[0]);
  return before.trim() === '' ? before : null;
}

const isInside = ([start, end]: readonly [number, number], [from, to]: readonly [number, number]): boolean => start >= from && end <= to;
