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

describe('command', () => {
  test('input on stdin, output from stdout', async () => {
    expect(await run({ command: { argv: ['cat'] }, task: { input: 'grüße\n' } })).toEqual(text('grüße\n'));
  });

  test('stdin can be opened again by /dev/stdin', async () => {
    expect(await run({ command: { argv: ['cat', '/dev/stdin'] }, task: { input: 'again' } })).toEqual(text('again'));
  });

  test('input and output as files, no file left', async () => {
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

  test("runs in the model's folder, with a private temporary folder and without this program's environment", async () => {
    process.env['MUSTER_TEST_SECRET'] = 'secret-7';
    const outcome = await run({ command: { argv: ['/bin/sh', '-c', 'pwd; ls -ld "$TMPDIR" | cut -c1-10; env'] } });
    delete process.env['MUSTER_TEST_SECRET'];
    expect(outcome).toMatchObject({ success: true });
    const written = outcome.success ? (outcome.output as { text: string }).text : '';
    expect(written.split('\n').slice(0, 2)).toEqual([path.join(root, 'model'), 'drwx------']);
    expect(written).not.toContain('secret-7');
  });

  test('program in the model folder', async () => {
    writeFileSync(path.join(root, 'model', 'run.sh'), '#!/bin/sh\necho here\n');
    chmodSync(path.join(root, 'model', 'run.sh'), 0o755);
    expect(await run({ command: { argv: ['./run.sh'] } })).toEqual(text('here\n'));
  });

  test('program behind a link that leads out of the folder -> program_missing', async () => {
    symlinkSync('/bin/sh', path.join(root, 'model', 'run'));
    expect(await run({ command: { argv: ['./run', '-c', 'echo out'] } })).toMatchObject(failure('program_missing', { retryable: true }));
  });

  test('program that does not read its input -> success', async () => {
    expect(await run({ command: { argv: ['true'] }, task: { input: 'x'.repeat(1_000_000) } })).toEqual(text(''));
  });
});

describe('job input cannot change the command', () => {
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
  ])('value %j -> one unchanged argument', async (value) => {
    expect(
      await run({ command: { argv: [...ECHO, '{param.x}', '--x={param.x}'], params: { x: any } }, task: { params: { x: value } } }),
    ).toEqual(text(`[${value}]\n[--x=${value}]\n`));
    expect(existsSync(path.join(root, 'model', 'pwned'))).toBe(false);
  });

  test.each<[string, CommandTask['params'], string]>([
    ['option', { x: '--help' }, 'leading_dash'],
    ['NUL', { x: 'a\0b' }, 'control_character'],
    ['undeclared parameter', { x: 'a', argv: 'rm' }, 'unknown'],
    ['missing parameter', {}, 'missing'],
  ])('%s -> bad_request, nothing runs', async (_title, params, reason) => {
    const marker = path.join(root, 'ran');
    const command = { argv: ['/bin/sh', '-c', `touch ${marker}`, 'sh', '{param.x}'], params: { x: any } };
    expect(await run({ command, task: { params } })).toMatchObject(failure('bad_request', { reason, retryable: false }));
    expect(existsSync(marker)).toBe(false);
  });

  test('undeclared input type -> unsupported_content_type', async () => {
    const outcome = await run({ command: { argv: ['cat'] }, task: { input: { content_type: 'audio/wav', base64: '' } } });
    expect(outcome).toMatchObject(
      failure('unsupported_content_type', { content_type: 'audio/wav', accepted: ['text/plain'], retryable: false }),
    );
  });
});

describe('failure', () => {
  test.each<[string, object, object]>([
    [
      'exit code -> command_failed',
      { argv: ['/bin/sh', '-c', 'echo why >&2; exit 3'] },
      failure('command_failed', { exit_code: 3, stderr_tail: 'why\n', retryable: true }),
    ],
    ['exit code 65 -> bad_request', { argv: ['/bin/sh', '-c', 'exit 65'] }, failure('bad_request', { exit_code: 65, retryable: false })],
    [
      'crash -> command_failed',
      { argv: ['/bin/sh', '-c', 'kill -SEGV $$'] },
      failure('command_failed', { signal: 'SIGSEGV', retryable: true }),
    ],
    [
      'missing program -> program_missing',
      { argv: ['muster-no-such-program'] },
      failure('program_missing', { program: 'muster-no-such-program', retryable: true }),
    ],
    ['file that is not executable -> program_missing', { argv: ['/etc/hostname'] }, failure('program_missing')],
    ['output that is not text -> output_not_text', { argv: ['printf', '\\377'] }, failure('output_not_text', { bytes: 1 })],
    ['output too large -> output_too_large', { argv: ['yes'] }, failure('output_too_large', { limit_bytes: 1000, retryable: false })],
    [
      'no output file -> output_missing',
      { argv: ['true', '{output}'], output: { from: 'file', content_type: 'a/b' } },
      failure('output_missing', { retryable: true }),
    ],
    [
      'output file too large -> output_too_large',
      { argv: ['/bin/sh', '-c', 'head -c 1001 /dev/zero > "$1"', 'sh', '{output}'], output: { from: 'file', content_type: 'a/b' } },
      failure('output_too_large', { limit_bytes: 1000 }),
    ],
  ])('%s', async (_title, command, expected) => {
    expect(await run({ command })).toMatchObject(expected);
    expect(existsSync(path.join(root, 'work')) ? readdirSync(path.join(root, 'work')) : []).toEqual([]);
  });

  test('stderr -> last 1024 bytes', async () => {
    const outcome = await run({ command: { argv: ['/bin/sh', '-c', 'yes no | head -n 5000 >&2; echo end >&2; exit 1'] } });
    const tail = outcome.success ? '' : String(outcome.error.details['stderr_tail']);
    expect(tail).toHaveLength(1024);
    expect(tail.endsWith('end\n')).toBe(true);
  });
});

describe('process tree ended', () => {
  /** A program with a child and a grandchild that write their ids to a file. */
  const tree = () => ({
    argv: ['/bin/sh', '-c', `sh -c 'sleep 1000 & echo $! >> ${root}/pids; wait' & echo $! >> ${root}/pids; echo $$ >> ${root}/pids; wait`],
  });
  const pids = () => until('all programs to run', () => (existsSync(`${root}/pids`) ? linesOf(`${root}/pids`, 3) : null));
  const hasEnded = (found: readonly number[]) => until('all programs to end', () => !found.some(isAlive));

  test('job cancelled', async () => {
    const abort = new AbortController();
    const running = run({ command: tree(), signal: abort.signal });
    const found = await pids();
    abort.abort();
    expect(await running).toMatchObject(failure('cancelled', { retryable: false }));
    await hasEnded(found);
  });

  test('timeout', async () => {
    const clock = new ManualClock();
    const running = run({ command: { ...tree(), timeout_seconds: 5 }, clock });
    const found = await pids();
    clock.advance(5000);
    expect(await running).toMatchObject(failure('timeout', { timeout_seconds: 5, retryable: true }));
    await hasEnded(found);
  });

  test('program ends with running children', async () => {
    const left = `sleep 1000 & echo $! >> ${root}/pids; sleep 1000 & echo $! >> ${root}/pids; echo $$ >> ${root}/pids; echo done`;
    expect(await run({ command: { argv: ['/bin/sh', '-c', left] } })).toEqual(text('done\n'));
    await hasEnded(await pids());
  });

  /** A program that succeeds and leaves a daemon in its own session, with or without the program's stdout. */
  const daemon = (stdout: '' | ' >&- 2>&-') => ({
    argv: [
      '/bin/sh',
      '-c',
      `setsid sh -c 'echo $$ >> ${root}/pids; exec sleep 1000'${stdout} & while [ ! -s ${root}/pids ]; do :; done; echo done`,
    ],
  });

  // `setsid` and the detection of daemons exist only on Linux.
  test.skipIf(process.platform !== 'linux').each([
    ['keeps stdout open', ''],
    ['has closed stdout', ' >&- 2>&-'],
  ] as const)('daemon that %s -> output is the result, folder removed', async (_title, stdout) => {
    const clock = new ManualClock();
    const running = run({ command: daemon(stdout), clock });
    const pid = await until('the daemon', () => (existsSync(`${root}/pids`) && linesOf(`${root}/pids`, 1)?.[0]) || null);
    const ended = await until('the end', async () => {
      clock.advance(100);
      return Promise.race([running, Promise.resolve(null)]);
    });
    expect(ended).toEqual(text('done\n'));
    expect(readdirSync(path.join(root, 'work'))).toEqual([]);
    await hasEnded([pid]);
  });

  const NO_MARK = 'env -u TMPDIR -u TEMP -u TMP';
  const write = `sh -c 'echo $$ >> "$0/pids"; exec sleep 1000'`;

  test.skipIf(process.platform !== 'linux').each([
    ['has cleared its environment', `setsid ${NO_MARK} ${write} ROOT >&- 2>&- &`],
    ['has forked twice', `setsid ${NO_MARK} sh -c "${write.replaceAll(/["$]/g, '\\$&')} ROOT &" >&- 2>&- &`],
    ['has closed its files', `setsid ${write} ROOT <&- >&- 2>&- 3>&- &`],
  ])('daemon that %s -> ended with the job', async (_title, start) => {
    const script = `${start.replaceAll('ROOT', root)} while [ ! -s ${root}/pids ]; do :; done; echo done`;
    expect(await run({ command: { argv: ['/bin/sh', '-c', script] } })).toEqual(text('done\n'));
    const pid = linesOf(`${root}/pids`, 1)?.[0] ?? 0;
    expect(pid).toBeGreaterThan(0);
    await hasEnded([pid]);
  });

  test.skipIf(process.platform !== 'linux')('job cancelled, child in its own session without any mark -> ended', async () => {
    const abort = new AbortController();
    const script = `setsid ${NO_MARK} ${write} ${root} <&- >&- 2>&- 3>&- & wait`;
    const running = run({ command: { argv: ['/bin/sh', '-c', script] }, signal: abort.signal });
    const pid = await until('the child', () => (existsSync(`${root}/pids`) && linesOf(`${root}/pids`, 1)?.[0]) || null);
    abort.abort();
    expect(await running).toMatchObject(failure('cancelled'));
    await hasEnded([pid]);
  });

  test('job cancelled before the start -> nothing is started', async () => {
    const outcome = await run({ command: { argv: ['/bin/sh', '-c', `touch ${root}/pids`] }, signal: AbortSignal.abort() });
    expect(outcome).toMatchObject(failure('cancelled'));
    expect(existsSync(`${root}/pids`)).toBe(false);
  });
});

function linesOf(file: string, count: number): readonly number[] | null {
  const lines = readFileSync(file, 'utf8').trim().split('\n').map(Number);
  return lines.length === count ? lines : null;
}
