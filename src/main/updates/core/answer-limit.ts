// Whether an answer of the server may be read into a file: its length must be known and within the limit. The network code reads no more
// than this length.

/** `headers`: names in any case, each with its values. */
export function fitsLimit(headers: Readonly<Record<string, readonly string[]>>, maxBytes: number): boolean {
  const valuesOf = (name: string): readonly string[] =>
    Object.entries(headers).flatMap(([key, values]) => (key.toLowerCase() === name ? values : []));
  // A compressed answer can become any length.
  if (valuesOf('content-encoding').some((value) => value.trim().toLowerCase() !== 'identity')) return false;
  const [length, ...others] = valuesOf('content-length');
  return length !== undefined && others.length === 0 && /^\d{1,15}$/.test(length) && Number(length) <= maxBytes;
}
