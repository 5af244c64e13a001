// Parses JSON from outside, and checks the type of the result.
import type { z } from 'zod';

/** The value, or undefined when the text is not JSON. (JSON has no undefined, so the answer is unambiguous.) */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For text that this program wrote itself. Throws when the text is not JSON or does not match the schema. */
export const parseJsonAs = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> => schema.parse(JSON.parse(text));

/** An object that is not an array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
