// Subjects and patterns of the bus.
import { expect, test } from 'vitest';
import { isMatch, isPattern, isSubject, isToken, prefixOf } from '../../../../../../src/main/scheduler/cluster/bus/core/subjects';

test.each([
  ['a', true, true],
  ['a.b-c.d_1', true, true],
  ['a.*.c', false, true],
  ['a.>', false, true],
  ['>', false, true],
  ['*', false, true],
  ['', false, false],
  ['.a', false, false],
  ['a.', false, false],
  ['a..b', false, false],
  ['a.>.b', false, false],
  ['a.b*', false, false],
  ['a b', false, false],
  ['a\r\nPUB x 0', false, false],
  ['a'.repeat(201), false, false],
])('subject %j: subject %j, pattern %j', (text, subject, pattern) => {
  expect([isSubject(text), isPattern(text)]).toEqual([subject, pattern]);
});

test.each([
  ['a.b', 'a.b', true],
  ['a.b', 'a.c', false],
  ['a.*', 'a.b', true],
  ['a.*', 'a.b.c', false],
  ['a.*', 'a', false],
  ['*.b', 'a.b', true],
  ['a.>', 'a.b.c', true],
  ['a.>', 'a', false],
  ['>', 'a', true],
  ['a.*.>', 'a.b', false],
  ['a.*.>', 'a.b.c.d', true],
])('pattern %s, subject %s -> %j', (pattern, subject, matches) => {
  expect(isMatch(pattern, subject)).toBe(matches);
});

test('prefix: id of the pool; an id with a dot or a wildcard -> a defect', () => {
  expect(prefixOf('pool-1')).toBe('muster.pool-1.');
  for (const id of ['', 'a.b', '*', '>', 'a b']) {
    expect(isToken(id)).toBe(false);
    expect(() => prefixOf(id)).toThrow(RangeError);
  }
});
