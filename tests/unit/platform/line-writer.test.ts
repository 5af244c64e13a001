import * as nodeFs from 'node:fs';
import { closeSync, openSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LineWriter } from '../../../src/main/platform/line-writer';

/** Lines are written after this time. */
const GATHER_MS = 10;

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

/** The result of a write: the number of bytes that it accepts, all bytes, or an error code. */
type Answer = number | 'all' | `E${string}`;

/** A file descriptor whose writes have these results, one after the other. Later writes accept all bytes. */
function scripted(answers: Answer[]) {
  let text = '';
  const take = (bytes: Buffer): number => {
    const answer = answers.shift() ?? 'all';
    if (typeof answer === 'string' && answer !== 'all') throw failure(answer);
    const taken = answer === 'all' ? bytes.length : Math.min(answer, bytes.length);
    text += bytes.subarray(0, taken).toString();
    return taken;
  };
  const write = (_fd: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void => {
    setImmediate(() => {
      try {
        done(null, take(bytes));
      } catch (error) {
        done(error as NodeJS.ErrnoException, 0);
      }
    });
  };
  const fs = { write, writeSync: (_fd: number, bytes: Buffer) => take(bytes) } as unknown as NonNullable<
    ConstructorParameters<typeof LineWriter>[0]['fs']
  >;
  return { fs, read: () => text };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('lines: in order, also after partial writes', async () => {
  const { fs, read } = scripted([2, 1]);
  const writer = new LineWriter({ fd: 1, maxBytes: 100, fs });
  writer.write('one\n');
  writer.write('two\n');
  await vi.runAllTimersAsync();
  expect(read()).toBe('one\ntwo\n');
});

test('lines: disk full -> retried until there is space, order kept', async () => {
  const { fs, read } = scripted([2, 'ENOSPC', 'EFBIG', 'ENOSPC']);
  const writer = new LineWriter({ fd: 1, maxBytes: 100, fs });
  writer.write('one\n');
  await vi.advanceTimersByTimeAsync(700);
  writer.write('two\n');
  expect(read()).toBe('on');
  await vi.advanceTimersByTimeAsync(2000);
  expect(read()).toBe('one\ntwo\n');
});

test('lines: over the limit -> complete lines dropped', async () => {
  const { fs, read } = scripted(['ENOSPC']);
  const writer = new LineWriter({ fd: 1, maxBytes: 8, fs });
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) writer.write(line);
  await vi.advanceTimersByTimeAsync(2000);
  expect(read()).toBe('one\ntwo\n');
});

test('lines: EPIPE -> no more writes', async () => {
  const { fs, read } = scripted(['EPIPE']);
  const writer = new LineWriter({ fd: 1, maxBytes: 100, fs });
  writer.write('one\n');
  await vi.advanceTimersByTimeAsync(GATHER_MS + 1);
  writer.write('two\n');
  writer.flushSync();
  await vi.advanceTimersByTimeAsync(2000);
  expect(read()).toBe('');
});

/** The first line failed and waits for its retry. The second line waits after it. */
async function refused(answers: Answer[]) {
  const { fs, read } = scripted(['ENOSPC', ...answers]);
  const writer = new LineWriter({ fd: 1, maxBytes: 100, fs });
  writer.write('one\n');
  await vi.advanceTimersByTimeAsync(GATHER_MS + 1);
  writer.write('two\n');
  return { writer, read };
}

test('exit: waiting lines written at once; disk full or EPIPE -> given up', async () => {
  const whole = await refused([3]);
  whole.writer.flushSync();
  expect(whole.read()).toBe('one\ntwo\n');
  for (const code of ['ENOSPC', 'EPIPE', 'EIO'] as const) {
    const broken = await refused([1, code]);
    broken.writer.flushSync();
    expect(broken.read()).toBe('o');
  }
});

test('lines: soon after one another -> one write', async () => {
  const { fs, read } = scripted(['all', 'ENOSPC']);
  const writer = new LineWriter({ fd: 1, maxBytes: 100, fs });
  writer.write('one\n');
  await vi.advanceTimersByTimeAsync(GATHER_MS - 1);
  writer.write('two\n');
  expect(read()).toBe('');
  await vi.advanceTimersByTimeAsync(2);
  expect(read()).toBe('one\ntwo\n');
});

test('exit: lines wait, or their write is in progress -> written once', async () => {
  const { fs, read } = scripted([]);
  const writer = new LineWriter({ fd: 1, maxBytes: 100, fs });
  writer.write('one\n');
  vi.advanceTimersByTime(GATHER_MS);
  writer.flushSync();
  expect(read()).toBe('');
  await vi.runAllTimersAsync();
  writer.write('two\n');
  writer.flushSync();
  await vi.runAllTimersAsync();
  expect(read()).toBe('one\ntwo\n');
});

test('exit: slow reader -> waits up to the timeout', async () => {
  const slow = await refused(['EAGAIN', 2, 'EAGAIN']);
  const stuck = await refused(Array.from({ length: 1000 }, () => 'EAGAIN'));
  vi.useRealTimers();
  slow.writer.flushSync();
  expect(slow.read()).toBe('one\ntwo\n');
  stuck.writer.flushSync();
  expect(stuck.read()).toBe('');
});

test.runIf(process.platform === 'linux')('exit: /dev/full -> no exception, no delay', async () => {
  // The simulated clock stands still, so the writer never retries. After `closeSync` a retry could write to another file.
  const fd = openSync('/dev/full', 'w');
  let writer: LineWriter | null = null;
  const refused = await new Promise<string | undefined>((resolve) => {
    const write = (to: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void => {
      nodeFs.write(to, bytes, (error, written) => {
        done(error, written);
        resolve(error?.code);
      });
    };
    writer = new LineWriter({ fd, maxBytes: 100, fs: { ...nodeFs, write: write as typeof nodeFs.write } });
    writer.write('one\n');
    vi.advanceTimersByTime(GATHER_MS);
  });
  expect(refused).toBe('ENOSPC');
  expect(() => {
    writer?.flushSync();
  }).not.toThrow();
  closeSync(fd);
});
