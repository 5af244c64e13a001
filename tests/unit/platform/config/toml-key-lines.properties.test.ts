import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { lineOfKey, tomlKeyLines } from '../../../../src/main/platform/config/toml-key-lines';

function parses(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Pieces of TOML in any order: most of it is broken, and what is not is stranger than anybody writes. */
const pieces = [
  'a',
  'b.c',
  '"d.e"',
  "'f='",
  '=',
  ' = ',
  '1',
  '"#"',
  '"""x\n"""',
  "'''y'''",
  '[',
  ']',
  '[[',
  ']]',
  '{',
  '}',
  ',',
  '\n',
  '\r\n',
  '# z',
  ' ',
  '\t',
  '"\\""',
  '1979-05-27 07:32:00',
  'true',
  '[1,\n2]',
  '{ g = 1 }',
  '\n[t]\n',
  '\nk = ',
];
const tomlish = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''));

test('whatever parses has its keys found, each on a line of the text', () => {
  fc.assert(
    fc.property(tomlish, (text) => {
      fc.pre(parses(text));
      const lines = text.split('\n').length;
      for (const { line } of tomlKeyLines(text)) expect(line >= 1 && line <= lines).toBe(true);
      for (const key of Object.keys(parse(text))) expect(lineOfKey(tomlKeyLines(text), [key])).not.toBeNull();
    }),
    { numRuns: 5000 },
  );
});

const key = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }).filter((name) => name !== '__proto__');
const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
const table = fc.dictionary(
  key,
  fc.oneof(leaf, fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { maxKeys: 3 })), { maxKeys: 3 })),
  { maxKeys: 4 },
);

test('every value of a written table is found on the line that holds its key', () => {
  fc.assert(
    fc.property(table, (value) => {
      const text = stringify(value);
      const found = tomlKeyLines(text);
      const leaves = leavesOf(parse(text), []);
      for (const path of leaves) expect(found.some((candidate) => candidate.path.join('\0') === path.join('\0'))).toBe(true);
    }),
  );
});

function leavesOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}
