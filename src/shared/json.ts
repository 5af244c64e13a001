// Parses JSON from outside, and checks the type of the result.

/** The value, or undefined when the text is not JSON. (JSON has no undefined, so the answer is unambiguous.) */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object that is not an array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
