import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MeasurementStore } from '../../../../src/main/runtimes/measuring/measurement-store';
import type { Measured, MeasuredSubject } from '../../../../src/main/runtimes/core/measuring/measurement';

let folder: string;
let file: string;
let events: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-speeds-'));
  file = path.join(folder, 'model-speeds.json');
  events = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const logger = { log: (_level: string, event: string) => events.push(event), isEnabled: () => true };
const open = () => new MeasurementStore(file, logger);
const subject: MeasuredSubject = {
  modelId: 'm',
  version: 'a80c',
  sizeBytes: 7,
  runtimeId: 'http://127.0.0.1:11434',
  hardware: 'RTX 4090 580.1',
};
const measured: Measured = { outcome: 'answered', tokensPerSecond: 52.5, tookMs: 700, measuredAtWallMs: 1 };
/** A result as it is in the file. */
const stored = { outcome: 'answered', tokensPerSecond: 52.5, tookMs: 700, measuredAtMs: 1 };

test('measurement store: results present after a restart', () => {
  const failed: Measured = { outcome: 'failed', code: 'runtime_http_400', message: 'no chat template', measuredAtWallMs: 2 };
  const store = open();
  expect(store.get(subject)).toBeNull();
  store.set(subject, measured);
  store.set({ ...subject, modelId: 'n' }, failed);
  expect([open().get(subject), open().get({ ...subject, modelId: 'n' })]).toEqual([measured, failed]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(events).toEqual([]);
});

test.each<Partial<MeasuredSubject>>([
  { version: 'b91d' },
  { sizeBytes: 8 },
  { sizeBytes: null },
  { runtimeId: 'http://127.0.0.1:8000' },
  { hardware: 'RTX 4090 590.2' },
])('measurement store: another %j -> no result, original subject -> result', (change) => {
  const store = open();
  store.set(subject, measured);
  expect(store.get({ ...subject, ...change })).toBeNull();
  expect(store.get(subject)).toEqual(measured);
});

test.each([
  ['not JSON', '{"version": 1, "measur'],
  ['of another version', '{"version": 2, "measurements": []}'],
  ['with an invalid figure', JSON.stringify({ version: 1, measurements: [['k', { ...stored, tokensPerSecond: -1 }]] })],
  ['too long', JSON.stringify({ version: 1, measurements: Array.from({ length: 5000 }, (_, i) => [String(i), stored]) })],
])('measurement store: file %s -> ignored, logged, replaced', (_case, content) => {
  writeFileSync(file, content);
  const store = open();
  expect([store.get(subject), events]).toEqual([null, ['measurements_forgotten']]);
  store.set(subject, measured);
  expect(open().get(subject)).toEqual(measured);
});

test('measurement store: limit reached -> oldest results removed', () => {
  const store = open();
  const many = Array.from({ length: 1023 }, (_, i) => [JSON.stringify([`m${String(i)}`, 'v', null, 'r', 'h']), stored]);
  writeFileSync(file, JSON.stringify({ version: 1, measurements: many }));
  const full = open();
  full.set(subject, measured);
  full.set({ ...subject, modelId: 'newest' }, measured);
  const { measurements } = JSON.parse(readFileSync(file, 'utf8')) as { measurements: unknown[] };
  expect(measurements).toHaveLength(1024);
  expect(full.get({ modelId: 'm0', version: 'v', sizeBytes: null, runtimeId: 'r', hardware: 'h' })).toBeNull();
  expect(full.get({ modelId: 'm1', version: 'v', sizeBytes: null, runtimeId: 'r', hardware: 'h' })).toEqual(measured);
  expect(store.get(subject)).toBeNull();
});

test('measurement store: write fails -> result kept in memory, logged', () => {
  mkdirSync(path.join(file, 'in-the-way'), { recursive: true });
  const store = open();
  store.set(subject, measured);
  expect(store.get(subject)).toEqual(measured);
  expect(events).toEqual(['measurements_forgotten', 'measurements_not_saved']);
});
