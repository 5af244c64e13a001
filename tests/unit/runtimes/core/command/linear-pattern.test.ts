// Patterns of parameters: the same results as the engine of JavaScript, in linear time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandSchema } from '../../../../../src/main/runtimes/core/command/command-spec';
import { compilePattern } from '../../../../../src/main/runtimes/core/command/linear-pattern';
import { paramSpecSchema, paramValues } from '../../../../../src/main/runtimes/core/command/params';

function matches(pattern: string, value: string): boolean {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw new Error(`${pattern}: ${compiled.error}`);
  return compiled.value.matches(value);
}

const byEngine = (pattern: string, value: string): boolean => new RegExp(`^(?:${pattern})$`, 'u').test(value);

const PIECES = ['a', 'b', '.', '[ab]', '[^a]', '[]', '[^]', '\\w', '\\n', '\\u{1F600}', '\\ud83d\\ude00', '\\p{L}', '^', '$', '\\b', '\\B'];

/** Patterns without nested quantifiers of large counts, so that the engine of JavaScript is fast as well. */
const pattern: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'pattern' },
    fc.constantFrom('', ...PIECES),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `${one}|${other}`),
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern'), fc.constantFrom('', '?', '*', '+', '*?', '{2}', '{0,2}', '{1,}', '{0}'))
      .map(([open, inside, quantifier]) => `${open}${inside})${quantifier}`),
  ),
})).pattern;

test('pattern: any supported one -> the result of the engine of JavaScript', () => {
  const value = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '😀', '\ud83d', 'é'), { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(pattern, fc.array(value, { minLength: 1, maxLength: 8 }), (source, values) => {
      // The same name for two groups is a syntax error.
      const unique = source.replaceAll('(?<n>', '(');
      for (const one of values) expect([unique, one, matches(unique, one)]).toEqual([unique, one, byEngine(unique, one)]);
    }),
    { numRuns: 3000 },
  );
});

describe('pattern that backtracks for ever in the engine of JavaScript', () => {
  test.each(['(a+)+', '(a*)*', '(a|a)*', '(a|aa)+', '(?:a?){100}a{100}', 'a*a*a*a*a*a*b', '(.*)*x', '(?:\\w+\\s?)*', '([a-z]?){250}'])(
    '%s -> matched in linear time',
    (source) => {
      const attack = `${'a'.repeat(4095)}!`;
      const compiled = compilePattern(source);
      if (!compiled.ok) throw new Error(compiled.error);
      const startMs = performance.now();
      expect(compiled.value.matches(attack)).toBe(false);
      expect(performance.now() - startMs).toBeLessThan(1000);
      expect(paramValues({ x: paramSpecSchema.parse({ pattern: source }) }, { x: attack })).toEqual({
        ok: false,
        error: { param: 'x', reason: 'not_allowed' },
      });
    },
  );
});

test.each([
  ['(a)\\1', 'has a backreference, which is not supported'],
  ['(?<n>a)\\k<n>', 'has a backreference, which is not supported'],
  ['(?=a)a', 'has a lookaround or a modifier, which are not supported'],
  ['(?<!a)b', 'has a lookaround or a modifier, which are not supported'],
  ['(', 'is not a regular expression'],
  ['a{2001}', 'repeats too often: use * or + instead of large counts'],
  ['((a{100}){100}){100}', 'repeats too often: use * or + instead of large counts'],
  ['(a{0,99999999}){0,99999999}', 'repeats too often: use * or + instead of large counts'],
  ['a'.repeat(257), 'has more than 256 characters'],
])('pattern: %s -> refused with its reason', (source, error) => {
  expect(compilePattern(source)).toEqual({ ok: false, error });
  expect(paramSpecSchema.safeParse({ pattern: source }).success).toBe(false);
});

test.each([
  ['[A-Za-z_-]+', 'en-us', true],
  ['^en|de$', 'de', true],
  ['\\d{1,3}(?:\\.\\d+)?', '12.5', true],
  ['\\(\\[\\]\\)', '([])', true],
  ['[\\]]', ']', true],
  ['(?<word>a|b)c', 'bc', true],
  ['', '', true],
  ['a', '', false],
])('pattern: %s on %s -> %s', (source, value, expected) => {
  expect(matches(source, value)).toBe(expected);
});

test('command: many patterns at the limit -> refused together', () => {
  const names = Array.from({ length: 3 }, (_, index) => `p${String(index)}`);
  const specOf = (pattern: string) =>
    commandSchema.safeParse({
      argv: ['cat', ...names.map((name) => `{param.${name}}`)],
      input: { as: 'stdin' },
      output: { from: 'stdout', content_type: 'text/plain' },
      params: Object.fromEntries(names.map((name) => [name, { pattern }])),
    });
  expect(specOf('[a-z]{0,150}').success).toBe(true);
  expect(specOf('[a-z]{0,300}').error?.issues).toMatchObject([
    { path: ['params'], message: expect.stringContaining('together') as unknown },
  ]);
});

test('value of more than 4,096 characters -> not allowed', () => {
  const specs = { x: paramSpecSchema.parse({ pattern: '.*' }) };
  expect(paramValues(specs, { x: 'a'.repeat(4096) }).ok).toBe(true);
  expect(paramValues(specs, { x: 'a'.repeat(4097) })).toEqual({ ok: false, error: { param: 'x', reason: 'not_allowed' } });
});
