import { expect, it } from 'vitest';
import { canonicalJson } from '../../../src/shared/canonical-json';

it.each([
  ['members in another order', { b: 1, a: { d: [1, { y: 1, x: 2 }], c: null } }, { a: { c: null, d: [1, { x: 2, y: 1 }] }, b: 1 }],
  ['members that look like numbers', { 10: 'a', 9: 'b' }, { 9: 'b', 10: 'a' }],
])('canonical JSON: %s -> the same text', (_title, one, other) => {
  expect(canonicalJson(one)).toBe(canonicalJson(other));
});

it.each([
  ['elements in another order', [1, 2], [2, 1]],
  ['a number and its text', { a: 1 }, { a: '1' }],
  ['null and an absent member', { a: null }, {}],
  ['another member', { a: 1 }, { a: 1, b: 1 }],
])('canonical JSON: %s -> another text', (_title, one, other) => {
  expect(canonicalJson(one)).not.toBe(canonicalJson(other));
});

it('canonical JSON: member __proto__ -> kept', () => {
  const value: unknown = JSON.parse('{"__proto__":{"a":1},"b":2}');
  expect(canonicalJson(value)).toBe('{"__proto__":{"a":1},"b":2}');
});
