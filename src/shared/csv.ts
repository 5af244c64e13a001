// Lines of a CSV file that spreadsheets open.

export type CsvCell = string | number | null;

/** The mark of UTF-8 lets Excel read other letters than English ones. */
export const CSV_MARK = '\u{FEFF}';

const END = '\r\n';

/** A spreadsheet executes text that begins like a formula. An apostrophe before the text makes it a text. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvCell(value: CsvCell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(',')}${END}`;
