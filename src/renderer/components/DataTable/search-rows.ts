// Finds rows by words: a row is found when its text has each of them, in any order. The text of a row is made once.

export type SearchRows<Row> = (rows: readonly Row[], search: string) => readonly Row[];

/** `textOf`: what a person sees of a row, or knows it by. */
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
