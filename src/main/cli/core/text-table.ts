// Rows as aligned columns for a terminal. Control characters in text from outside are escaped.

/** A header and rows with two spaces between columns and a final line end. Wide (CJK) characters count as two cells. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...lines.map((row) => cellsOf(row[column] ?? ''))));
  return lines
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - cellsOf(cell)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Escapes control characters, escape sequences and direction marks as `\u....`, so that text from outside cannot control a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const cellsOf = (text: string): number => [...text].reduce((cells, char) => cells + (WIDE.test(char) ? 2 : 1), 0);
