// The part of a list of jobs that one call reads: a few milliseconds, although the rows can be large.

/** Bytes that one call decodes. The state of a job has the errors of all attempts: up to some 100 KB. */
const MAX_READ_BYTES = 256 * 1024;

/** At least one. `isCut`: the limit was reached, so there may be more. */
export function sliceOf<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
): { readonly kept: readonly Item[]; readonly isCut: boolean } {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    bytes += bytesOf(item);
    if (bytes >= MAX_READ_BYTES) return { kept: items.slice(0, index + 1), isCut: true };
  }
  return { kept: items, isCut: false };
}
