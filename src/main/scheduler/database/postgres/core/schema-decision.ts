// Which schema versions a program can use.

/** As the database has it. */
export interface FoundSchema {
  /** The number of migrations that were run. */
  readonly version: number;
  /** A program must know at least so many migrations to use the schema. */
  readonly minVersion: number;
}

export type SchemaDecision =
  | { readonly type: 'use' }
  /** Run the migrations from this index on. */
  | { readonly type: 'migrate'; readonly from: number }
  /** The program is too old for the schema. */
  | { readonly type: 'refuse'; readonly supported: number; readonly found: number; readonly required: number };

/** `supported`: the number of migrations that the program knows. An empty database has version 0. */
export function decideSchema(found: FoundSchema, supported: number): SchemaDecision {
  if (supported < found.minVersion) return { type: 'refuse', supported, found: found.version, required: found.minVersion };
  return found.version < supported ? { type: 'migrate', from: found.version } : { type: 'use' };
}
