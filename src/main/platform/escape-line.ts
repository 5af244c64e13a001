// Makes the characters of a log line visible that a terminal or an editor would act on: a field may hold text of a stranger, which must
// not begin a new line, move the cursor or reverse the text. The line is JSON text.

/** Characters that JSON leaves as they are: C1 controls, line and paragraph separators, and those that change the direction of text. */
const RAW = '\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff';
const RAW_CHARACTER = new RegExp(`[${RAW}]`, 'g');
/** An escaped backslash is matched first, so that its second half begins no escape. */
const ESCAPE_OR_RAW = new RegExp(`\\\\\\\\|\\\\u00[01][0-9a-f]|\\\\ud[89a-f][0-9a-f]{2}|\\\\[bfnrt]|[${RAW}]`, 'gi');

const codeOf = (character: string): string => `u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The same JSON, with these characters as escapes. */
export const escapedJson = (line: string): string => line.replace(RAW_CHARACTER, (character) => `\\${codeOf(character)}`);

/** JSON whose texts show such a character as its escape, for a program that prints the texts: a line break is shown as `\n`. */
export const visibleJson = (line: string): string =>
  line.replace(ESCAPE_OR_RAW, (found) => {
    if (found === '\\\\') return found;
    return found.startsWith('\\') ? `\\${found}` : `\\\\${codeOf(found)}`;
  });
