import { describe, expect, test } from 'vitest';
import { lineOfKey, tomlKeyLines } from '../../../../src/main/platform/config/toml-key-lines';

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
      ['scheduler/node_health', 4],
      ['scheduler/node_health/x', 5],
    ],
  ],
  [
    'a dotted key',
    '[scheduler]\nnode_health . heartbeat = 1',
    [
      ['scheduler', 1],
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
    'a string that ends in quotes of its own',
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
      ['a]b/c', 1],
      ['a]b/c/d', 2],
    ],
  ],
  [
    'an array of tables',
    '[[a]]\nb = 1\n[[a]]\nb = 2',
    [
      ['a', 1],
      ['a/b', 2],
      ['a', 3],
      ['a/b', 4],
    ],
  ],
];

describe('the lines of TOML keys', () => {
  test.each(CASES)('%s: every key has its line', (_title, toml, expected) => {
    expect(tomlKeyLines(toml).map(({ path, line }) => [path.join('/'), line])).toEqual(expected);
  });

  test('a key that is not in the text has the line of the table around it, or none', () => {
    const lines = tomlKeyLines('[server]\nhost = "x"\n');
    expect(lineOfKey(lines, ['server', 'port'])).toBe(1);
    expect(lineOfKey(lines, ['agent', 'name'])).toBeNull();
  });
});
