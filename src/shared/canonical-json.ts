// Canonical JSON: equal values have equal texts, since the members of objects are sorted.
import { isRecord } from './json';

/** `value`: any result of `JSON.parse`. */
export function canonicalJson(value: unknown): string {
  // Sorted first, then written: `JSON.stringify` with a replacer is ten times as slow.
  return JSON.stringify(sorted(value));
}

/** Lists of plain values, which may be long, are not copied. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isObject) ? value.map(sorted) : value;
  return isRecord(value) ? sortedRecord(value) : value;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function sortedRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Without a prototype `__proto__` is a member as any other, but such objects are slow to make.
  const copy = (Object.hasOwn(record, '__proto__') ? Object.create(null) : {}) as Record<string, unknown>;
  for (const key of Object.keys(record).sort()) copy[key] = sorted(record[key]);
  return copy;
}
