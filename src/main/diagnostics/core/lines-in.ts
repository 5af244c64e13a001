// Whole lines in a piece of a file. Positions are bytes of the file. Pure.

interface Line {
  readonly start: number;
  readonly text: string;
}

export const LINE_BREAK = 0x0a;

/**
 * The lines of a piece that ends behind a line break, the newest first. Text behind the last line break is not finished, and is left out.
 * `next`: where the piece before must end. Unless the piece begins the file, its first line is in the piece before.
 */
export function olderLinesIn(bytes: Uint8Array, from: number): { readonly lines: readonly Line[]; readonly next: number } {
  const decoder = new TextDecoder();
  const lines: Line[] = [];
  let end = bytes.lastIndexOf(LINE_BREAK);
  while (end >= 0) {
    const start = end === 0 ? 0 : bytes.lastIndexOf(LINE_BREAK, end - 1) + 1;
    if (start === 0 && from > 0) {
      // A line as long as the piece is skipped.
      if (lines.length > 0) return { lines, next: from + end + 1 };
      return { lines, next: from };
    }
    lines.push({ start: from + start, text: decoder.decode(bytes.subarray(start, end)) });
    end = start - 1;
  }
  return { lines, next: from };
}

/**
 * The whole lines from the start of a piece on, the oldest first. `next`: behind the last one. A piece of `most` bytes without a line
 * break is a part of a line that is too long, and is skipped.
 */
export function newerLinesIn(
  bytes: Uint8Array,
  from: number,
  most: number,
): { readonly lines: readonly (Line & { readonly end: number })[]; readonly next: number } {
  const decoder = new TextDecoder();
  const lines: (Line & { readonly end: number })[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, start)) {
    lines.push({ start: from + start, end: from + end + 1, text: decoder.decode(bytes.subarray(start, end)) });
    start = end + 1;
  }
  return { lines, next: start === 0 && bytes.length >= most ? from + bytes.length : from + start };
}
