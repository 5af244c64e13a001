// Parts of a statement for many rows at once, which is one round trip to a database on the network.
import type { Sql, SqlValue } from './store';

const MAX_ROWS = 128;

/** One statement for each chunk of the rows. `textOf`: the statement, with the tuples of its rows. `tuple`: for example `(?, ?)`. */
export function statementsOf(rows: readonly (readonly SqlValue[])[], tuple: string, textOf: (tuples: string) => string): readonly Sql[] {
  return [...chunksOf(rows)].map((chunk) => ({ text: textOf(chunk.map(() => tuple).join(', ')), values: chunk.flat() }));
}

/** The sizes are powers of two, so that there are few different statements to prepare. */
function* chunksOf<Row>(rows: readonly Row[]): Iterable<readonly Row[]> {
  let [begin, size] = [0, MAX_ROWS];
  while (begin < rows.length) {
    while (size > rows.length - begin) size /= 2;
    yield rows.slice(begin, begin + size);
    begin += size;
  }
}
