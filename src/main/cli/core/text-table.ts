// Rows as aligned columns for a terminal, and durations in them. Control characters in text from outside are escaped.

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

function cellsOf(text: string): number {
  let cells = 0;
  for (const char of text) cells += WIDE.test(char) ? 2 : 1;
  return cells;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** `3 min` for a duration in ms. A negative duration (clocks that differ) is `0 s`. */
export function ageText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ['s', 1];
  return `${String(Math.floor(seconds / size))} ${unit}`;
}

const EXACT_BELOW_MS = 10_000;

/** `0.7 s` for a short duration, which is compared with a predicted one; else as an age. */
export const tookText = (durationMs: number): string =>
  durationMs < EXACT_BELOW_MS ? `${(Math.floor(Math.max(0, durationMs) / 100) / 10).toFixed(1)} s` : ageText(durationMs);

/**
 * `24 h` for the time that is left, rounded to the nearest unit: an invitation that was made for 24 h a second ago is valid for 24 h. The
 * unit is the largest that is in it twice, so that 25 h are not rounded to days.
 */
export function remainingText(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1000));
  const [unit, size] = UNITS.find(([, length]) => seconds >= 2 * length) ?? ['s', 1];
  return `${String(Math.round(seconds / size))} ${unit}`;
}
