// Searches rows: a row matches when its text contains every word of the search. The text of a row is built once.

export type SearchRows<Row> = (rows: readonly Row[], search: string) => readonly Row[];

/** `textOf`: the visible text of a row, and further names of the row. */
export function createSearch<Row extends object>(textOf: (row: Row) => string): SearchRows<Row> {
  const texts = new WeakMap<Row, string>();
  const lowerText = (row: Row): string => {
    const text = texts.get(row) ?? textOf(row).replaceAll('\u00a0', ' ').toLowerCase();
    texts.set(row, text);
    return text;
  };
  return (rows, search) => {
    const words = search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return words.length === 0 ? rows : rows.filter((row) => words.every((word) => lowerText(row).includes(word)));
  };
}
