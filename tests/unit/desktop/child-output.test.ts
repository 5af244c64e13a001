// The last lines of a child that has exited are read, although Electron removes the listeners of its streams at the exit.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ChildOutput } from '../../../src/main/desktop/child-output';
import { ManualClock } from '../../support/manual-clock';

/** Lets pending stream events and promises run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

function follow() {
  const child = new EventEmitter();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const clock = new ManualClock();
  const seen: string[] = [];
  const output = new ChildOutput(child, [stdout, stderr, null], clock);
  output.onExit((code) => seen.push(`exit ${String(code)}`));
  output.onLine((line) => seen.push(line));
  /** Emits `exit` and removes the listeners, as Electron does. */
  const exit = (code: number): void => {
    child.emit('exit', code);
    stdout.removeAllListeners();
    stderr.removeAllListeners();
  };
  return { stdout, stderr, clock, seen, exit };
}

test('child exit: lines still in the pipes -> exit reported after them, once', async () => {
  const { stdout, stderr, clock, seen, exit } = follow();
  stdout.write('first\n');
  await settled();
  exit(3);
  await settled();
  expect(seen).toEqual(['first']);
  stdout.end('last');
  stderr.end('why\n');
  await settled();
  expect(seen.slice(1, -1).toSorted()).toEqual(['last', 'why']);
  expect(seen.at(-1)).toBe('exit 3');
  expect(clock.pending).toBe(0);
});

test('child exit: pipes ended before -> exit reported', async () => {
  const { stdout, stderr, seen, exit } = follow();
  stdout.end('last\n');
  stderr.end();
  await settled();
  expect(seen).toEqual(['last']);
  exit(0);
  await settled();
  expect(seen).toEqual(['last', 'exit 0']);
});

test('child exit: pipe stays open -> exit reported 2 s later, once', async () => {
  const { stdout, stderr, clock, seen, exit } = follow();
  stderr.end();
  exit(1);
  await settled();
  clock.advance(1999);
  await settled();
  expect(seen).toEqual([]);
  clock.advance(1);
  await settled();
  expect(seen).toEqual(['exit 1']);
  stdout.end();
  await settled();
  expect(seen).toEqual(['exit 1']);
});
