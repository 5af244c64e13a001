// Commands with real processes.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandSchema } from '../../../../src/main/runtimes/core/command/command-spec';
import { runCommand } from '../../../../src/main/runtimes/command/run-command';
import type { RunOutcome } from '../../../../src/main/runtimes/core/runtime-outcome';
import { systemClock } from '../../../../src/main/platform/clock';
import { silentLogger } from '../../../../src/main/platform/logger';
import type { CommandTask } from '../../../../src/shared/protocol/tasks';
import { ManualClock } from '../../../support/manual-clock';
import { isAlive } from '../../../support/process-tree';
import { until } from '../../../support/until';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'muster-command-')));
  mkdirSync(path.join(root, 'model'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Run {
  readonly command: object;
  readonly task?: Partial<CommandTask>;
  readonly signal?: AbortSignal;
  readonly clock?: typeof systemClock;
  readonly maxOutputBytes?: number;
}

const plain = { input: { as: 'stdin' }, output: { from: 'stdout', content_type: 'text/plain' } };

function run({ command, task = {}, signal, clock = systemClock, maxOutputBytes = 1000 }: Run): Promise<RunOutcome> {
  const model = { command: commandSchema.parse({ ...plain, ...command }), realFolder: path.join(root, 'model') };
  const full: CommandTask = { kind: 'command', model_id: 'm', input: '', ...task };
  const context = { signal: signal ?? new AbortController().signal, timeoutMs: 60_000, onChunk: () => undefined };
  return runCommand(model, full, context, { workDir: path.join(root, 'work'), clock, logger: silentLogger, maxOutputBytes });
}

const text = (value: string, contentType = 'text/plain') => ({ success: true, output: { content_type: contentType, text: value } });
const failure = (code: string, details: object = {}) => ({ success: false, error: { code, details } });
/** Prints its arguments, one a line, then stdin. */
const ECHO = ['/bin/sh', '-c', 'for a in "$@"; do printf "[%s]\\n" "$a"; done; cat', 'echo'];

describe('a command', () => {
  test('gets the input on stdin and gives what it writes', async () => {
    expect(await run({ command: { argv: ['cat'] }, task: { input: 'grüße\n' } })).toEqual(text('grüße\n'));
  });

  test('may open its stdin anew, as some programs do', async () => {
    expect(await run({ command: { argv: ['cat', '/dev/stdin'] }, task: { input: 'again' } })).toEqual(text('again'));
  });

  test('gets the input as a file, gives a file, and leaves none behind', async () => {
    const command = {
      argv: ['/bin/sh', '-c', 'cat "$1" "$1" > "$2"', 'sh', '{input}', '{output}'],
      input: { as: 'file' },
      output: { from: 'file', content_type: 'application/octet-stream' },
      content_types: ['audio/wav'],
    };
    const input = { content_type: 'audio/wav', base64: Buffer.from([0, 255, 10]).toString('base64') };
    const outcome = await run({ command, task: { input } });
    const base64 = Buffer.from([0, 255, 10, 0, 255, 10]).toString('base64');
    expect(outcome).toEqual({ success: true, output: { content_type: 'application/octet-stream', base64 } });
    expect(readdirSync(path.join(root, 'work'))).toEqual([]);
  });

  test("runs beside its model, with a private temporary folder and nothing of this program's environment", async () => {
    process.env['MUSTER_TEST_SECRET'] = 'secret-7';
    const outcome = await run({ command: { argv: ['/bin/sh', '-c', 'pwd; ls -ld "$TMPDIR" | cut -c1-10; env'] } });
    delete process.env['MUSTER_TEST_SECRET'];
    expect(outcome).toMatchObject({ success: true });
    const written = outcome.success ? (outcome.output as { text: string }).text : '';
    expect(written.split('\n').slice(0, 2)).toEqual([path.join(root, 'model'), 'drwx------']);
    expect(written).not.toContain('secret-7');
  });

  test('may be a program in its folder', async () => {
    writeFileSync(path.join(root, 'model', 'run.sh'), '#!/bin/sh\necho here\n');
    chmodSync(path.join(root, 'model', 'run.sh'), 0o755);
    expect(await run({ command: { argv: ['./run.sh'] } })).toEqual(text('here\n'));
  });

  test('that a link leads out of its folder is not run', async () => {
    symlinkSync('/bin/sh', path.join(root, 'model', 'run'));
    expect(await run({ command: { argv: ['./run', '-c', 'echo out'] } })).toMatchObject(failure('program_missing', { retryable: true }));
  });

  test('may end without reading its input', async () => {
    expect(await run({ command: { argv: ['true'] }, task: { input: 'x'.repeat(1_000_000) } })).toEqual(text(''));
  });
});

describe('a job cannot do more than the owner wrote', () => {
  const any = { pattern: '[^]*' };
  test.each([
    '; touch pwned',
    '$(touch pwned)',
    '`touch pwned`',
    '| touch pwned',
    'a\ntouch pwned',
    '"; touch pwned; "',
    "' ; touch pwned '",
    '{input}',
    '*',
    '~',
    '%PATH%',
    '$HOME',
  ])('the value %j is one argument, word for word', async (value) => {
    expect(
      await run({ command: { argv: [...ECHO, '{param.x}', '--x={param.x}'], params: { x: any } }, task: { params: { x: value } } }),
    ).toEqual(text(`[${value}]\n[--x=${value}]\n`));
    expect(existsSync(path.join(root, 'model', 'pwned'))).toBe(false);
  });

  test.each<[string, CommandTask['params'], string]>([
    ['an option', { x: '--help' }, 'leading_dash'],
    ['a NUL', { x: 'a\0b' }, 'control_character'],
    ['a parameter of its own', { x: 'a', argv: 'rm' }, 'unknown'],
    ['nothing', {}, 'missing'],
  ])('%s is refused before anything runs', async (_what, params, reason) => {
    const marker = path.join(root, 'ran');
    const command = { argv: ['/bin/sh', '-c', `touch ${marker}`, 'sh', '{param.x}'], params: { x: any } };
    expect(await run({ command, task: { params } })).toMatchObject(failure('bad_request', { reason, retryable: false }));
    expect(existsSync(marker)).toBe(false);
  });

  test('a type of input that the owner did not name is refused', async () => {
    const outcome = await run({ command: { argv: ['cat'] }, task: { input: { content_type: 'audio/wav', base64: '' } } });
    expect(outcome).toMatchObject(
      failure('unsupported_content_type', { content_type: 'audio/wav', accepted: ['text/plain'], retryable: false }),
    );
  });
});

describe('a failure', () => {
  test.each<[string, object, object]>([
    [
      'an exit code',
      { argv: ['/bin/sh', '-c', 'echo why >&2; exit 3'] },
      failure('command_failed', { exit_code: 3, stderr_tail: 'why\n', retryable: true }),
    ],
    [
      'an exit code that blames the input',
      { argv: ['/bin/sh', '-c', 'exit 65'] },
      failure('bad_request', { exit_code: 65, retryable: false }),
    ],
    ['a crash', { argv: ['/bin/sh', '-c', 'kill -SEGV $$'] }, failure('command_failed', { signal: 'SIGSEGV', retryable: true })],
    [
      'no such program',
      { argv: ['muster-no-such-program'] },
      failure('program_missing', { program: 'muster-no-such-program', retryable: true }),
    ],
    ['a program that is no program', { argv: ['/etc/hostname'] }, failure('program_missing')],
    ['an output that is no text', { argv: ['printf', '\\377'] }, failure('output_not_text', { bytes: 1 })],
    ['an output that is too large', { argv: ['yes'] }, failure('output_too_large', { limit_bytes: 1000, retryable: false })],
    [
      'no output file',
      { argv: ['true', '{output}'], output: { from: 'file', content_type: 'a/b' } },
      failure('output_missing', { retryable: true }),
    ],
    [
      'an output file that is too large',
      { argv: ['/bin/sh', '-c', 'head -c 1001 /dev/zero > "$1"', 'sh', '{output}'], output: { from: 'file', content_type: 'a/b' } },
      failure('output_too_large', { limit_bytes: 1000 }),
    ],
  ])('%s is told', async (_what, command, expected) => {
    expect(await run({ command })).toMatchObject(expected);
    expect(existsSync(path.join(root, 'work')) ? readdirSync(path.join(root, 'work')) : []).toEqual([]);
  });

  test('keeps only the last words of stderr', async () => {
    const outcome = await run({ command: { argv: ['/bin/sh', '-c', 'yes no | head -n 5000 >&2; echo end >&2; exit 1'] } });
    const tail = outcome.success ? '' : String(outcome.error.details['stderr_tail']);
    expect(tail).toHaveLength(1024);
    expect(tail.endsWith('end\n')).toBe(true);
  });
});

describe('nothing of the process tree is left', () => {
  /** A program with a child of a child, that say who they are. */
  const tree = () => ({
    argv: ['/bin/sh', '-c', `sh -c 'sleep 1000 & echo $! >> ${root}/pids; wait' & echo $! >> ${root}/pids; echo $$ >> ${root}/pids; wait`],
  });
  const pids = () => until('the tree to grow', () => (existsSync(`${root}/pids`) ? linesOf(`${root}/pids`, 3) : null));
  const gone = (found: readonly number[]) => until('all to be gone', () => !found.some(isAlive));

  test('when the job is cancelled', async () => {
    const abort = new AbortController();
    const running = run({ command: tree(), signal: abort.signal });
    const found = await pids();
    abort.abort();
    expect(await running).toMatchObject(failure('cancelled', { retryable: false }));
    await gone(found);
  });

  test('when its time is over', async () => {
    const clock = new ManualClock();
    const running = run({ command: { ...tree(), timeout_seconds: 5 }, clock });
    const found = await pids();
    clock.advance(5000);
    expect(await running).toMatchObject(failure('timeout', { timeout_seconds: 5, retryable: true }));
    await gone(found);
  });

  test('when the program ends and leaves children behind', async () => {
    const left = `sleep 1000 & echo $! >> ${root}/pids; sleep 1000 & echo $! >> ${root}/pids; echo $$ >> ${root}/pids; echo done`;
    expect(await run({ command: { argv: ['/bin/sh', '-c', left] } })).toEqual(text('done\n'));
    await gone(await pids());
  });

  /** A program that ends well and leaves one behind in a session of its own, with or without its stdout. */
  const daemon = (stdout: '' | ' >&- 2>&-') => ({
    argv: [
      '/bin/sh',
      '-c',
      `setsid sh -c 'echo $$ >> ${root}/pids; exec sleep 1000'${stdout} & while [ ! -s ${root}/pids ]; do :; done; echo done`,
    ],
  });

  // `setsid` is Linux's, and so is what tells a daemon.
  test.skipIf(process.platform !== 'linux').each([
    ['holds its stdout', ''],
    ['has closed its stdout', ' >&- 2>&-'],
  ] as const)('when a daemon that %s is left: what the program said is the result, and its folder is gone', async (_how, stdout) => {
    const clock = new ManualClock();
    const running = run({ command: daemon(stdout), clock });
    const pid = await until('the daemon', () => (existsSync(`${root}/pids`) && linesOf(`${root}/pids`, 1)?.[0]) || null);
    const ended = await until('the end', async () => {
      clock.advance(100);
      return Promise.race([running, Promise.resolve(null)]);
    });
    expect(ended).toEqual(text('done\n'));
    expect(readdirSync(path.join(root, 'work'))).toEqual([]);
    await gone([pid]);
  });

  test('when the job was cancelled before it began: nothing is started', async () => {
    const outcome = await run({ command: { argv: ['/bin/sh', '-c', `touch ${root}/pids`] }, signal: AbortSignal.abort() });
    expect(outcome).toMatchObject(failure('cancelled'));
    expect(existsSync(`${root}/pids`)).toBe(false);
  });
});

function linesOf(file: string, count: number): readonly number[] | null {
  const lines = readFileSync(file, 'utf8').trim().split('\n').map(Number);
  return lines.length === count ? lines : null;
}
