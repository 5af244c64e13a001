import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeStateLock } from '../../../src/main/agent/state-lock';

let folder: string;
let lockFile: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-lock-'));
  lockFile = path.join(folder, 'agent.lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const heldBy = (pid: number, startedMs = Date.now()) => {
  writeFileSync(lockFile, JSON.stringify({ pid, process_started_ms: startedMs }));
};

test('is held by one at a time, and free again when it is given back', () => {
  const first = takeStateLock(folder);
  expect(takeStateLock(folder)).toEqual({ ok: false, error: { code: 'STATE_IN_USE', lockFile, pid: process.pid } });
  if (first.ok) first.value.release();
  expect(existsSync(lockFile)).toBe(false);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('of a process that was killed is nobody’s; while it lives it is held', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? 0;
  heldBy(pid);
  expect(takeStateLock(folder)).toMatchObject({ ok: false, error: { code: 'STATE_IN_USE', pid } });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(takeStateLock(folder).ok).toBe(true);
});

test.each(['', 'nonsense', '{"pid":"1"}', '{"pid":-1,"process_started_ms":1}'])('with %j in it is nobody’s', (content) => {
  writeFileSync(lockFile, content);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('from before the machine was started is nobody’s, though the number lives again', () => {
  heldBy(process.ppid);
  utimesSync(lockFile, 1000, 1000);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('of an earlier process with our own number is nobody’s', () => {
  heldBy(process.pid, 1000);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('that another has taken over meanwhile is not given back for it', () => {
  const lock = takeStateLock(folder);
  heldBy(process.ppid);
  if (lock.ok) lock.value.release();
  expect(existsSync(lockFile)).toBe(true);
});

test('in a place that is no folder fails with the place', () => {
  writeFileSync(path.join(folder, 'file'), '');
  expect(takeStateLock(path.join(folder, 'file'))).toMatchObject({
    ok: false,
    error: { code: 'STATE_UNUSABLE', path: path.join(folder, 'file', 'agent.lock') },
  });
});
