import { describe, expect, test } from 'vitest';
import type { Command, Invocation } from '../../../src/main/cli/command';
import { COMMANDS } from '../../../src/main/cli/commands';
import { messageContextOf } from '../../../src/main/cli/core/message-context';
import { commandHelp, programHelp } from '../../../src/main/cli/help-text';
import { runCli } from '../../../src/main/cli/run-cli';
import { version as VERSION } from '../../../package.json';
import { fakeIo } from './fake-io';

function build() {
  const calls: Invocation[] = [];
  const ping: Command = {
    name: 'ping',
    summary: 'Call a node.',
    operands: ['NODE'],
    options: {
      times: { value: 'N', doc: 'How often.' },
      loud: { value: null, doc: 'Print more.' },
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

test('an action is missing: the actions in one line, with an example', async () => {
  for (const [name, message] of [
    ['cluster', 'cluster: an action is missing: status, step-down, import or export; for example: muster cluster status'],
    ['config', 'config: an action is missing: show, set or unset; for example: muster config show'],
  ] as const) {
    const io = fakeIo();
    expect(await runCli([name], COMMANDS, io)).toBe(2);
    expect(io.written.err).toBe(`muster: ${message}\nTry: muster ${name} --help\n`);
  }
});

test('command: gets options and operands, and returns the exit code', async () => {
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

describe('invalid command line: exit code 2, message on stderr, no command run', () => {
  test.each<[string[], string, string?]>([
    [[], 'no command given'],
    [['pnig'], 'unknown command "pnig", did you mean "ping"?'],
    [['something'], 'unknown command "something"'],
    [['constructor'], 'unknown command "constructor"'],
    [['ping'], 'ping: NODE is missing', 'ping '],
    [['ping', 'a', 'b'], 'ping: unexpected argument "b"', 'ping '],
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

describe('help and version: on stdout, exit code 0', () => {
  test.each([['--help'], ['-h'], ['help']])('%s: lists commands and exit codes', async (argument) => {
    const { io, run } = build();
    expect(await run(argument)).toBe(0);
    expect(io.written.out).toContain('ping  Call a node.');
    expect(io.written.out).toContain('5 scheduler not reachable');
    expect(io.written.err).toBe('');
  });

  test.each([[['ping', '--help']], [['ping', '-h']], [['help', 'ping']]])('%j: lists the options of the command', async (argv) => {
    const { io, run } = build();
    expect(await run(...argv)).toBe(0);
    expect(io.written.out).toContain('Usage: muster ping NODE [options]');
    expect(io.written.out).toMatch(/--times N +How often\./);
    expect(io.written.out).toContain('--log-format auto|json|pretty');
  });

  test('each help: lines of at most 80 characters, except a line of one word', () => {
    const context = messageContextOf({});
    const texts = [programHelp(COMMANDS, context), ...COMMANDS.map((command) => commandHelp(command, context))];
    const isLong = (line: string): boolean => line.length > 80 && /\S \S/.test(line.trim()) && !line.startsWith('Usage: ');
    expect(texts.flatMap((text) => text.split('\n')).filter(isLong)).toEqual([]);
  });

  test('--version: prints only the version', async () => {
    const { io, run } = build();
    expect(await run('--version')).toBe(0);
    expect(io.written.out).toBe(`${VERSION}\n`);
  });
});
