import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTooDeep } from '../../../../src/shared/protocol/json-structure';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value as Record<string, unknown>).map(depthOf)) : 0;

test('JSON depth: equal to the depth of the parsed value, brackets in strings ignored', () => {
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
  ['a string without an end', `"${'['.repeat(100)}`, false],
  ['a string that ends in an escaped quote', `"a\\"${'['.repeat(100)}`, false],
  ['brackets after a string that ends in a backslash', `"a\\\\"${'['.repeat(100)}`, true],
  ['empty text', '', false],
])('JSON depth: %s', (_title, text, tooDeep) => {
  expect(isTooDeep(text)).toBe(tooDeep);
});
