// One way to parse JSON from outside.

/** The value, or undefined when the text is not JSON. (JSON has no undefined, so the answer is unambiguous.) */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
