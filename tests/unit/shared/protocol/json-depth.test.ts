import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTooDeep } from '../../../../src/shared/protocol/decode';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value as Record<string, unknown>).map(depthOf)) : 0;

test('JSON is too deep exactly when its value is nested deeper, whatever its strings and keys hold', () => {
  const awkward = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a') });
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 6 }, awkward, tie('list'), tie('record')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    record: fc.dictionary(awkward, tie('any'), { maxKeys: 3 }),
  })).any;
  fc.assert(
    fc.property(value, fc.nat(8), (json, limit) => {
      expect(isTooDeep(JSON.stringify(json), limit)).toBe(depthOf(json) > limit);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['a string that never ends', `"${'['.repeat(100)}`, false],
  ['a string that ends in an escaped quote', `"a\\"${'['.repeat(100)}`, false],
  ['brackets after a string that ends in a backslash', `"a\\\\"${'['.repeat(100)}`, true],
  ['nothing', '', false],
])('%s', (_what, text, tooDeep) => {
  expect(isTooDeep(text)).toBe(tooDeep);
});
