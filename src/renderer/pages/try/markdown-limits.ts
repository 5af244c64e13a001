// Which texts are parsed as Markdown. A few kilobytes that a model chose stopped the window for minutes or exceeded the stack of the parser, whose
// time grows faster than nesting, emphasis, brackets and columns of tables. A text beyond these limits is shown as it is.

const MAX_CHARACTERS = 50_000;
/** Quotes and lists in each other, by their signs in one line, or by the columns of an indented line. */
const MAX_NESTING = 12;
const MAX_INDENT = 80;
/** Quotes and entries of lists in all. */
const MAX_CONTAINERS = 3000;
/** In a paragraph: signs of emphasis, and brackets. */
const MAX_EMPHASIS = 400;
const MAX_BRACKETS = 800;
const MAX_OPEN_BRACKETS = 16;
/** For each paragraph, its lines times the most columns of one: a table fills up short rows. */
const MAX_CELLS = 10_000;
/** Each length of a run of backticks without an end is searched once in each paragraph. */
const MAX_BACKTICK_LENGTHS = 16;
const MAX_FOOTNOTES = 200;

const CONTAINERS = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))+/;
const DIVIDER = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const CONTAINER = />|[-+*]|\d{1,9}[.)]/g;
/** Runs beside a letter or sign. An underscore in a name is no emphasis. */
const EMPHASIS = /(?<=\S)[*~]+|[*~]+(?=\S)|(?<![\p{L}\p{N}_])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}_])/gu;

/** The time for the check grows with the length of the text alone. */
export function mayBeMarkdown(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  if (new Set(Array.from(text.matchAll(/`+/g), ([run]) => run.length)).size > MAX_BACKTICK_LENGTHS) return false;
  if (countOf(text, /\[\^/g) > MAX_FOOTNOTES) return false;
  // A paragraph ends at an empty line at the latest.
  const paragraphs = text.split(/(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)/);
  const lines = paragraphs.map((paragraph) => paragraph.split(/\r\n?|\n/));
  const nesting = lines.flat().map(nestingOf);
  if (Math.max(...nesting) > MAX_NESTING || sumOf(nesting) > MAX_CONTAINERS) return false;
  if (lines.flat().some((line) => indentOf(line) > MAX_INDENT) || sumOf(lines.map(cellsOf)) > MAX_CELLS) return false;
  return paragraphs.every(hasFewSigns);
}

const cellsOf = (lines: readonly string[]): number => lines.length * Math.max(...lines.map((line) => countOf(line, /\|/g)));

function hasFewSigns(paragraph: string): boolean {
  const emphasis = sumOf(Array.from(paragraph.matchAll(EMPHASIS), ([run]) => run.length));
  return emphasis <= MAX_EMPHASIS && countOf(paragraph, /\[/g) <= MAX_BRACKETS && openBracketsIn(paragraph) <= MAX_OPEN_BRACKETS;
}

const nestingOf = (line: string): number => (DIVIDER.test(line) ? 0 : countOf(CONTAINERS.exec(line)?.[0] ?? '', CONTAINER));
const indentOf = (line: string): number => sumOf(Array.from(/^[ \t]*/.exec(line)?.[0] ?? '', (sign) => (sign === '\t' ? 4 : 1)));
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const countOf = (text: string, sign: RegExp): number => text.match(sign)?.length ?? 0;

/** The most brackets that are open at the same place. */
function openBracketsIn(text: string): number {
  let [open, most] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]]/g)) {
    open = bracket === '[' ? open + 1 : Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  return most;
}
