import { describe, expect, test } from 'vitest';
import type { Command, Invocation } from '../../../src/main/cli/command';
import { runCli } from '../../../src/main/cli/run-cli';
import { VERSION } from '../../../src/main/platform/version';
import { fakeIo } from './fake-io';

function build() {
  const calls: Invocation[] = [];
  const ping: Command = {
    name: 'ping',
    summary: 'Call a node.',
    operands: ['NODE'],
    options: {
      times: { value: 'N', doc: 'How often.' },
      loud: { value: null, doc: 'Say so.' },
      tag: { value: 'TAG', doc: 'Marks.', multiple: true },
    },
    run: (invocation) => {
      calls.push(invocation);
      return Promise.resolve(7);
    },
  };
  const io = fakeIo();
  return { calls, io, run: (...argv: string[]) => runCli(argv, [ping], io) };
}

test("a command gets its options and operands, and its exit code is the program's", async () => {
  const { calls, run } = build();
  expect(await run('ping', 'n1', '--times', '3', '--loud', '--tag', 'a', '--tag=b')).toBe(7);
  const [call] = calls;
  expect([call?.operands, call?.options.text('times'), call?.options.isSet('loud'), call?.options.texts('tag')]).toEqual([
    ['n1'],
    '3',
    true,
    ['a', 'b'],
  ]);
});

describe('a wrong command line ends with 2, says why on stderr, and runs nothing', () => {
  test.each<[string[], string, string?]>([
    [[], 'a command is missing'],
    [['pnig'], 'unknown command "pnig", did you mean "ping"?'],
    [['something'], 'unknown command "something"'],
    [['constructor'], 'unknown command "constructor"'],
    [['ping'], 'ping: NODE is missing', 'ping '],
    [['ping', 'a', 'b'], 'ping: "b" is one word too many', 'ping '],
    [['ping', 'a', '--tims', '3'], 'unknown option --tims, did you mean --times?', 'ping '],
    [['ping', 'a', '--toString=1'], 'unknown option --toString', 'ping '],
    [['ping', 'a', '--times'], "Option '--times <value>' argument missing", 'ping '],
    [['ping', 'a', '--loud=yes'], "Option '--loud' does not take an argument", 'ping '],
    [['help', 'pong'], 'unknown command "pong", did you mean "ping"?'],
  ])('%j: %s', async (argv, message, help = '') => {
    const { calls, io, run } = build();
    expect(await run(...argv)).toBe(2);
    expect(io.written).toEqual({ out: '', err: `muster: ${message}\nTry: muster ${help}--help\n` });
    expect(calls).toEqual([]);
  });
});

describe('help and version go to stdout and end with 0', () => {
  test.each([['--help'], ['-h'], ['help']])('%s lists the commands and the exit codes', async (word) => {
    const { io, run } = build();
    expect(await run(word)).toBe(0);
    expect(io.written.out).toContain('ping  Call a node.');
    expect(io.written.out).toContain('5 the scheduler cannot be reached');
    expect(io.written.err).toBe('');
  });

  test.each([[['ping', '--help']], [['ping', '-h']], [['help', 'ping']]])('%j lists its options, operands missing or not', async (argv) => {
    const { io, run } = build();
    expect(await run(...argv)).toBe(0);
    expect(io.written.out).toContain('Usage: muster ping NODE [options]');
    expect(io.written.out).toMatch(/--times N +How often\./);
    expect(io.written.out).toContain('--log-format FORMAT');
  });

  test('--version prints the version alone', async () => {
    const { io, run } = build();
    expect(await run('--version')).toBe(0);
    expect(io.written.out).toBe(`${VERSION}\n`);
  });
});
