// How the lines of a command or a program are wrapped. Pure.

export interface CodeLine {
  /** Its spaces at the start. */
  readonly indent: number;
  readonly parts: readonly CodePart[];
}

export interface CodePart {
  readonly text: string;
  /**
   * `together`: an option, with the start of its argument, or the end of a line with its backslash: never broken. `long`: a word that may be
   * broken after a separator, so that it begins where the line has space for its first part. `plain`: broken between words.
   */
  readonly wrap: 'plain' | 'together' | 'long';
}

const END = /^(.*?)(\S{0,3} \\)?$/s;
const TOGETHER = '(?<!\\S)-{1,2}[\\w-]+(?: (?!-)\\S{1,3})?';
const LONG = '\\S{24,}';
const PARTS = new RegExp(`(${TOGETHER})|(${LONG})`, 'g');

/** The texts of all parts of a line are the line. */
export const codeLines = (code: string): readonly CodeLine[] =>
  code.split('\n').map((line) => ({ indent: /^ */.exec(line)?.[0].length ?? 0, parts: partsOf(line) }));

function partsOf(line: string): readonly CodePart[] {
  const [, body = '', end = ''] = END.exec(line) ?? [];
  const parts: CodePart[] = [];
  let at = 0;
  for (const match of body.matchAll(PARTS)) {
    parts.push({ text: body.slice(at, match.index), wrap: 'plain' });
    parts.push({ text: match[0], wrap: match[1] === undefined ? 'long' : 'together' });
    at = match.index + match[0].length;
  }
  parts.push({ text: body.slice(at), wrap: 'plain' }, { text: end, wrap: 'together' });
  return parts.filter(({ text }) => text !== '');
}

/** The parts of a long word between which it may be broken: each ends with its separator. */
export const piecesOf = (word: string): readonly string[] => word.split(/(?<=[,/&?;])(?![,/&?;])/);
