// The size of a JSON value without its text: in memory, and as JSON. The walk stops above a limit, so a large value costs no more than that.
import { isRecord } from './json';

interface Weights {
  /** Of an array or object itself. */
  readonly container: number;
  /** Of a place in an array. */
  readonly place: number;
  /** Of a name in an object, without its characters. */
  readonly name: number;
  /** Of a text, without its characters. */
  readonly text: number;
  readonly character: number;
  readonly other: number;
}

/** Not below what V8 takes. */
const MEMORY: Weights = { container: 64, place: 8, name: 16, text: 24, character: 2, other: 8 };
/** About what `JSON.stringify` writes, without escapes. */
const JSON_TEXT: Weights = { container: 2, place: 1, name: 4, text: 2, character: 1, other: 1 };

/** Bytes in memory. Some number above `max`: more than `max`. */
export const memoryOf = (value: unknown, max = Infinity): number => weigh(value, MEMORY, max, (text) => text.length);

/** Bytes as JSON, without escapes. `bytesOf`: those of a text in UTF-8. Some number above `max`: more than `max`. */
export const jsonBytesOf = (value: unknown, max: number, bytesOf: (text: string) => number): number =>
  weigh(value, JSON_TEXT, max, bytesOf);

function weigh(value: unknown, weights: Weights, max: number, lengthOf: (text: string) => number): number {
  const open: unknown[] = [value];
  let size = 0;
  while (open.length > 0 && size <= max) {
    const each = open.pop();
    if (typeof each === 'string') size += weights.text + weights.character * lengthOf(each);
    else if (Array.isArray(each)) {
      size += weights.container + weights.place * each.length;
      if (size > max) return size;
      for (const member of each as readonly unknown[]) open.push(member);
    } else if (isRecord(each)) {
      size += weights.container;
      for (const [name, member] of Object.entries(each)) {
        size += weights.name + name.length;
        open.push(member);
      }
    } else size += weights.other;
  }
  return size;
}
