// Bounds on lists and records from outside. An array gets its bound with `.max()`, which zod checks before it reads an element. A record
// has no such check, and zod reports each wrong member, so `recordOf` counts the members first.
import { z } from 'zod';

/** The limit of lists and records of a view without a limit of their own: far above what a pool has, and small enough to be read. */
export const MAX_LIST = 100_000;
/** The limit of the values behind a code. */
export const MAX_DETAILS = 256;

/** The record with at most `max` members. */
export const atMost = <Output, Input>(max: number, record: z.ZodType<Output, Input>, what = 'entries') =>
  z
    .custom<Input>((value) => typeof value !== 'object' || value === null || hasAtMost(value, max), {
      error: `more than ${String(max)} ${what}`,
    })
    .meta({ type: 'object', maxProperties: max })
    .pipe(record);

export const recordOf = <Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(key: Key, value: Value, max: number, what?: string) =>
  atMost(max, z.record(key, value), what);

/** Without a list of all names: there may be hundreds of thousands. */
function hasAtMost(value: object, max: number): boolean {
  let count = 0;
  for (const name in value) if (Object.hasOwn(value, name) && ++count > max) return false;
  return true;
}
