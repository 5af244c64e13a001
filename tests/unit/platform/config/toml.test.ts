// TOML to a tree with the line of every key.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseToml, type TomlNode } from '../../../../src/main/platform/config/toml';

type Line = readonly [path: string, line: number];

/** Every key with its line, in the order of the text. */
function linesOf(node: TomlNode, path: readonly string[] = []): Line[] {
  if (node.kind === 'value') return [];
  return [...node.members].flatMap(([name, member]) => [[[...path, name].join('/'), member.line], ...linesOf(member, [...path, name])]);
}

/** The value at a path of keys. */
function valueAt(node: TomlNode | undefined, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (node?.kind === 'table') return name === undefined ? node : valueAt(node.members.get(name), rest);
  return path.length === 0 ? node?.value : undefined;
}

function parsed(text: string): TomlNode {
  const outcome = parseToml(text);
  return outcome.ok ? outcome.value : expect.unreachable(outcome.error.reason);
}

const CASES: readonly [title: string, toml: string, expected: readonly (readonly [string, number])[]][] = [
  [
    'a key before any table',
    'a = 1\n\nb = 2',
    [
      ['a', 1],
      ['b', 3],
    ],
  ],
  [
    'keys in tables and sub-tables',
    '[server]\nhost = "x"\n\n[scheduler.node_health]\nx = 1',
    [
      ['server', 1],
      ['server/host', 2],
      ['scheduler', 4],
      ['scheduler/node_health', 4],
      ['scheduler/node_health/x', 5],
    ],
  ],
  [
    'a dotted key',
    '[scheduler]\nnode_health . heartbeat = 1',
    [
      ['scheduler', 1],
      ['scheduler/node_health', 2],
      ['scheduler/node_health/heartbeat', 2],
    ],
  ],
  [
    'quoted keys with dots, equals signs and escapes',
    '"a.b" = 1\n\'c=d\' = 2\n"\\u0065" = 3',
    [
      ['a.b', 1],
      ['c=d', 2],
      ['e', 3],
    ],
  ],
  [
    'an inline table over several lines of values',
    'a = { b = 1, c.d = [1, 2] }\ne = 2',
    [
      ['a', 1],
      ['a/b', 1],
      ['a/c', 1],
      ['a/c/d', 1],
      ['e', 2],
    ],
  ],
  [
    'a key after an array over several lines',
    'a = [\n  "x", # ]\n  "]",\n]\nb = 1',
    [
      ['a', 1],
      ['b', 5],
    ],
  ],
  [
    'a key after a multi-line string that looks like keys',
    'a = """\n[fake]\nb = 1 \\" """\nc = \'\'\'\nd = 2\n\'\'\'\ne = 1',
    [
      ['a', 1],
      ['c', 4],
      ['e', 7],
    ],
  ],
  [
    'a string that ends with quotes',
    'a = """x"""""\nb = 1',
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
  [
    'comments, CRLF and a byte-order mark',
    '\uFEFF# [x]\r\na = "#" # b = 1\r\n[t] # c = 1\r\nd = 1\r\n',
    [
      ['a', 2],
      ['t', 3],
      ['t/d', 4],
    ],
  ],
  [
    'a table whose name is quoted and holds a bracket',
    '["a]b".c]\nd = 1',
    [
      ['a]b', 1],
      ['a]b/c', 1],
      ['a]b/c/d', 2],
    ],
  ],
  ['an array of tables', '[[a]]\nb = 1\n[[a]]\nb = 2', [['a', 1]]],
];

describe('TOML: the line of every key', () => {
  test.each(CASES)('%s', (_title, toml, expected) => {
    expect(linesOf(parsed(toml))).toEqual(expected);
  });
});

test('TOML: values', () => {
  const root = parsed('a = 1.5\nb = ["x", [2]]\nc = { d = true }\ne = inf\nf = 1979-05-27\n"g.h" = 0x1F\n');
  expect(valueAt(root, ['a'])).toBe(1.5);
  expect(valueAt(root, ['b'])).toEqual(['x', [2]]);
  expect(valueAt(root, ['c', 'd'])).toBe(true);
  expect(valueAt(root, ['e'])).toBe(Infinity);
  expect(valueAt(root, ['f'])).toBeInstanceOf(Date);
  expect(valueAt(root, ['g.h'])).toBe(31);
});

test.each(['[__proto__]\npolluted = 1', '__proto__.polluted = 1', 'a = { __proto__ = { polluted = 1 } }', '[a]\n__proto__ = 1'])(
  'TOML: %j -> a key like any other, no prototype changed',
  (toml) => {
    expect(linesOf(parsed(toml)).some(([path]) => path.includes('__proto__'))).toBe(true);
    expect('polluted' in {}).toBe(false);
  },
);

test.each([
  ['[server]\nport = ', 2],
  ['[server]\nport = \n\n', 2],
  ['[server\n', 1],
  ['a = 1\na = 2', 2],
  ['[a]\n[a]', 2],
  ['a = "x', 1],
  ['\n\n\u0000', 3],
  [`a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`, null],
])('TOML: invalid %j -> its line', (toml, line) => {
  expect(parseToml(toml)).toMatchObject({ ok: false, error: { line } });
});

/** Pieces of TOML in any order. Most texts are invalid. */
const PIECES = [
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
].concat(['"\\""', '1979-05-27 07:32:00', 'true', '[1,\n2]', '{ g = 1 }', '\n[t]\n', '\nk = ']);

test('TOML: any text -> keys or an error, each with a line of the text', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (toml) => {
      const outcome = parseToml(toml);
      const lines = outcome.ok ? linesOf(outcome.value).map(([, line]) => line) : [outcome.error.line ?? 0];
      const last = toml.split('\n').length;
      for (const line of lines) expect(line >= 1 && line <= last).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

const name = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' });
const quoted = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
const rows = fc.uniqueArray(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), leaf), {
  selector: ([path]) => path[0],
  maxLength: 8,
});

test('TOML: written keys and values -> read back from the line of each key', () => {
  fc.assert(
    fc.property(rows, (written) => {
      const toml = written.map(
        ([path, value]) =>
          `${path.map(quoted).join('.')} = ${typeof value === 'string' ? quoted(value) : JSON.stringify(value).replaceAll('\u007f', '\\u007f')}`,
      );
      const root = parsed(toml.join('\n'));
      for (const [index, [path, value]] of written.entries()) {
        expect(valueAt(root, path)).toEqual(value);
        expect(linesOf(root)).toContainEqual([path.join('/'), index + 1]);
      }
    }),
  );
});
