// JSON of large values: the same text as that of JSON.stringify, and no long turn.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLarge, jsonInTurns } from '../../../src/main/platform/json-in-turns';
import { withTurns } from '../../support/turns';

const many = <Item>(count: number, item: (at: number) => Item): Item[] => Array.from({ length: count }, (_none, at) => item(at));
const LARGE = 1_200_000;
const PART = 256 * 1024;
const nested = (depth: number, core: object): object => many(depth, String).reduce<object>((inner) => ({ a: inner }), core);
const names = (count: number, name: (at: number) => string): object => Object.fromEntries(many(count, (at) => [name(at), at]));

test.each<readonly [string, object]>([
  ['nothing', {}],
  ['an empty list', []],
  ['fields that are not given', { a: undefined, b: 'x'.repeat(LARGE), c: [undefined, null, 1] }],
  ['a long text', { text: 'x'.repeat(LARGE) }],
  ['escapes', { text: '"\n'.repeat(LARGE) }],
  ['pairs at each cut', { text: `x${'😀'.repeat(LARGE)}` }],
  ['a pair at the cut', { text: `${'x'.repeat(PART - 1)}😀${'x'.repeat(LARGE)}` }],
  ['half pairs', { text: '\ud800'.repeat(LARGE / 2), other: '\udc00'.repeat(LARGE / 2) }],
  ['two halves that are no pair', { text: `${'x'.repeat(PART - 1)}\ud800x${'x'.repeat(LARGE)}` }],
  ['long texts between short ones', { a: 1, b: 'x'.repeat(LARGE), c: [1, 'y'.repeat(LARGE), 2, 3], d: { e: 'z'.repeat(LARGE) } }],
  ['numbers', { input: many(400_000, (at) => at / 7) }],
  ['messages', { messages: many(60_000, (at) => ({ role: 'user', content: `text ${String(at)}` })) }],
  ['names', Object.fromEntries(many(40_000, (at) => [`name ${String(at)}"`, { at }]))],
  ['objects in objects', nested(50, names(38_000, String))],
  ['a list that is not given', [[], {}, [undefined], { a: undefined }, nested(3, [])]],
  ['own __proto__', JSON.parse('{"__proto__":{"a":1},"b":[]}') as object],
  ['lists in lists', many(100, () => many(100, () => many(100, (at) => at)))],
])('%s -> the text of JSON.stringify', async (_title, value) => {
  // A comparison by the matcher would print megabytes.
  expect((await jsonInTurns(value)) === JSON.stringify(value)).toBe(true);
});

test('any value beside long texts -> the text of JSON.stringify', async () => {
  const long = 'x'.repeat(PART + 1);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.jsonValue(), fc.constant(long)), { maxLength: 5 }), fc.string(), async (members, name) => {
      const value = { members, [name]: [long, ...members] };
      expect((await jsonInTurns(value)) === JSON.stringify(value)).toBe(true);
    }),
    { numRuns: 10 },
  );
});

test.each<readonly [string, object]>([
  ['escapes', { text: 'x"'.repeat(5_500_000) }],
  ['numbers', { input: many(450_000, (at) => at / 7) }],
  ['messages', { messages: many(100_000, () => ({ role: 'user', content: 'hi' })) }],
  ['names with escapes', names(38_000, (at) => `${'\u0001'.repeat(45)}${String(at)}`)],
  ['long names', names(38_000, (at) => `${'x'.repeat(275)}${String(at)}`)],
  [
    'objects, 50 around 38,000 names,',
    nested(
      50,
      names(38_000, (at) => `name ${String(at)}`),
    ),
  ],
  [
    'lists, 50 around 130,000 numbers,',
    nested(
      50,
      many(130_000, (at) => at),
    ),
  ],
  [
    'lists, each with a long list,',
    nested(
      20,
      many(20, () => many(50_000, (at) => at)),
    ),
  ],
])('many %s -> no turn of 50 ms', async (_title, value) => {
  // Another program may lengthen a turn of one run.
  const runs = [await withTurns(() => jsonInTurns(value)), await withTurns(() => jsonInTurns(value))];
  expect(Math.min(...runs.map(({ longestMs }) => longestMs))).toBeLessThan(50);
});

test.each<readonly [string, object, boolean]>([
  ['a short question', { model: 'm', stop: null, messages: [{ role: 'user', content: 'hello' }] }, false],
  ['300,000 characters', { messages: [{ content: 'x'.repeat(300_000) }] }, true],
  ['20,000 messages', { messages: Array.from({ length: 20_000 }, () => ({})) }, true],
  ['20,000 numbers', Array.from({ length: 200 }, () => Array.from({ length: 100 }, () => 1)), true],
])('%s -> in turns, if it is large', (_, body, expected) => {
  expect(isLarge(body)).toBe(expected);
});
