// Statements as PostgreSQL gets them: numbered placeholders, and few inserts with many rows instead of many with one row.
import type { Insert, Sql, SqlValue, Statement } from '../../store';

export interface Query {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** The protocol counts the values of a statement in 16 bits. */
export const MAX_VALUES = 65_535;

/** `?` becomes `$1`, `$2` and so on. */
export function numbered({ text, values }: Sql): Query {
  let count = 0;
  return { text: text.replaceAll('?', () => `$${String(++count)}`), values };
}

/**
 * The queries of one transaction, in an order with the same result. Inserts of the same form are joined, also across others between them:
 * inserts into different tables do not depend on each other. Any other statement keeps its place.
 */
export function planQueries(statements: readonly Statement[]): readonly Query[] {
  const queries: Query[] = [];
  let inserts: JoinedInsert[] = [];
  const flush = (): void => {
    queries.push(...inserts.flatMap(insertQueries));
    inserts = [];
  };
  for (const statement of statements) {
    if ('text' in statement) {
      flush();
      queries.push(numbered(statement));
    } else addInsert(inserts, statement);
  }
  flush();
  return queries;
}

interface JoinedInsert extends Insert {
  readonly form: string;
  readonly rows: (readonly SqlValue[])[];
  /** The keys of the rows. One statement cannot update a row twice. */
  readonly keys: Set<string>;
}

function addInsert(inserts: JoinedInsert[], insert: Insert): void {
  if (insert.rows.length === 0) return;
  const form = JSON.stringify([insert.into, insert.columns, insert.onConflict]);
  const keys = updatedKeys(insert);
  // Only the last insert into the table: the rows of one table keep their order.
  const joined = inserts.findLast(({ into }) => into === insert.into);
  if (joined?.form === form && !keys.some((key) => joined.keys.has(key))) {
    for (const row of insert.rows) joined.rows.push(row);
    for (const key of keys) joined.keys.add(key);
  } else inserts.push({ ...insert, form, rows: [...insert.rows], keys: new Set(keys) });
}

/** Empty unless the insert updates rows. */
function updatedKeys({ columns, rows, onConflict }: Insert): readonly string[] {
  if (onConflict === undefined || onConflict.update === 'nothing') return [];
  const places = onConflict.key.map((column) => columns.indexOf(column));
  return rows.map((row) => JSON.stringify(places.map((place) => row[place])));
}

function insertQueries({ into, columns, rows, onConflict }: JoinedInsert): readonly Query[] {
  const rowsAtOnce = Math.floor(MAX_VALUES / columns.length);
  const head = `INSERT INTO ${into} (${columns.join(', ')}) VALUES `;
  const tail = conflictText(onConflict);
  const queries: Query[] = [];
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const chunk = rows.slice(start, start + rowsAtOnce);
    const groups = chunk.map(
      (_, row) => `(${columns.map((_column, column) => `$${String(row * columns.length + column + 1)}`).join(', ')})`,
    );
    queries.push({ text: `${head}${groups.join(', ')}${tail}`, values: chunk.flat() });
  }
  return queries;
}

function conflictText(onConflict: Insert['onConflict']): string {
  if (onConflict === undefined) return '';
  const { key, update } = onConflict;
  const action = update === 'nothing' ? 'NOTHING' : `UPDATE SET ${update.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return ` ON CONFLICT (${key.join(', ')}) DO ${action}`;
}
