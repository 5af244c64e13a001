// A configuration key: kind, bounds, default and meaning.
import type { z } from 'zod';

/** The text form of a value in an environment variable or a flag. The items of a list are separated by commas. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'list';

export interface ConfigKey<Value = unknown, Default = unknown> {
  readonly kind: ValueKind;
  readonly schema: z.ZodType<Value>;
  readonly default: Default;
  /** The command-line flag without its dashes; null when there is none. */
  readonly flag: string | null;
  readonly doc: string;
}

const key =
  (kind: ValueKind) =>
  <Value, Default>(schema: z.ZodType<Value>, fallback: Default, doc: string, flag: string | null = null): ConfigKey<Value, Default> => ({
    kind,
    schema,
    default: fallback,
    flag,
    doc,
  });
export const text = key('text');
export const number = key('number');
export const boolean = key('boolean');
export const list = key('list');
