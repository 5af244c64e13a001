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

test('state lock: one holder at a time, free after the release', () => {
  const first = takeStateLock(folder);
  expect(takeStateLock(folder)).toEqual({ ok: false, error: { code: 'STATE_IN_USE', lockFile, pid: process.pid } });
  if (first.ok) first.value.release();
  expect(existsSync(lockFile)).toBe(false);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('state lock: holder killed -> free', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? 0;
  heldBy(pid);
  expect(takeStateLock(folder)).toMatchObject({ ok: false, error: { code: 'STATE_IN_USE', pid } });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(takeStateLock(folder).ok).toBe(true);
});

test.each(['', 'nonsense', '{"pid":"1"}', '{"pid":-1,"process_started_ms":1}'])('state lock: content %j -> free', (content) => {
  writeFileSync(lockFile, content);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('state lock: older than the boot, process id in use again -> free', () => {
  heldBy(process.ppid);
  utimesSync(lockFile, 1000, 1000);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('state lock: earlier process with our own id -> free', () => {
  heldBy(process.pid, 1000);
  expect(takeStateLock(folder).ok).toBe(true);
});

test('state lock: taken over by another process -> release keeps the file', () => {
  const lock = takeStateLock(folder);
  heldBy(process.ppid);
  if (lock.ok) lock.value.release();
  expect(existsSync(lockFile)).toBe(true);
});

test('state lock: path is not a folder -> STATE_UNUSABLE with the path', () => {
  writeFileSync(path.join(folder, 'file'), '');
  expect(takeStateLock(path.join(folder, 'file'))).toMatchObject({
    ok: false,
    error: { code: 'STATE_UNUSABLE', path: path.join(folder, 'file', 'agent.lock') },
  });
});
