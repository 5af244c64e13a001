import { describe, expect, test } from 'vitest';
import type { Readiness } from '../../../../../src/main/runtimes/core/model-folders/local-model';
import {
  decideReadiness,
  type FileState,
  GROWTH_WINDOW_MS,
  isGrowing,
  type ModelFacts,
  trackGrowth,
} from '../../../../../src/main/runtimes/core/model-folders/readiness';

const SHA = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const file = (path: string, size = 100) => ({ path, size, sha256: SHA });
const whole: FileState = { kind: 'whole', sizeBytes: 100, hashedBytes: 100, sha256: SHA };
const unread: FileState = { kind: 'whole', sizeBytes: 100, hashedBytes: 25, sha256: null };
const partial = (growing: boolean): FileState => ({ kind: 'partial', sizeBytes: 50, growing });

const model = (states: readonly FileState[], fields: Partial<ModelFacts> = {}): ModelFacts => ({
  files: states.map((state, index) => ({ file: file(`f${String(index)}`), state })),
  process: null,
  program: null,
  minGpuMemoryGb: null,
  largestGpuGb: 24,
  ...fields,
});

const ready: Readiness = { state: 'ready', reasonCode: 'all_verified', details: { files: 1, bytes: 100 }, progress: null };
const error = (reasonCode: Readiness['reasonCode'], details: Readiness['details']): Readiness => ({
  state: 'error',
  reasonCode,
  details,
  progress: null,
});
const absent = (reasonCode: Readiness['reasonCode'], details: Readiness['details'], progress: number | null = null): Readiness => ({
  state: 'not_installed',
  reasonCode,
  details,
  progress,
});
const run = (found: boolean) => ({ program: { name: 'espeak-ng', found } });
const named = (alive: boolean | null) => ({ process: { name: 'llama-server', alive } });

describe('decideReadiness', () => {
  test.each<[string, ModelFacts, Readiness]>([
    ['all files verified -> ready', model([whole]), ready],
    ['process running -> ready', model([whole], named(true)), ready],
    ['GPU exactly large enough -> ready', model([whole], { minGpuMemoryGb: 24 }), ready],
    ['no files, process running -> ready', model([], named(true)), { ...ready, details: { files: 0, bytes: 0 } }],
    ['no files, program found -> ready', model([], run(true)), { ...ready, details: { files: 0, bytes: 0 } }],
    ['program missing -> error', model([whole], run(false)), error('program_missing', { program: 'espeak-ng' })],
    ['program missing, files unverified -> verifying', model([unread], run(false)), absent('verifying', { path: 'f0' }, 0.25)],
    ['process not running -> error', model([whole], named(false)), error('process_not_running', { process: 'llama-server' })],
    ['process unknown -> error', model([whole], named(null)), error('process_unknown', { process: 'llama-server' })],
    [
      'file missing -> not_installed',
      model([whole, { kind: 'missing' }]),
      absent('file_missing', { path: 'f1', missing_files: 1, files: 2 }),
    ],
    ['partial file, not growing -> not_installed', model([partial(false)]), absent('incomplete', { path: 'f0', expected: 100, found: 50 })],
    [
      'partial file, growing -> downloading',
      model([whole, partial(true), { kind: 'missing' }]),
      { state: 'downloading', reasonCode: 'downloading', details: { path: 'f1', expected: 100, found: 50 }, progress: 0.5 },
    ],
    ['files unverified -> not_installed with progress', model([whole, unread]), absent('verifying', { path: 'f1' }, 0.62)],
    [
      'file too large -> error',
      model([{ kind: 'whole', sizeBytes: 101, hashedBytes: 0, sha256: null }]),
      error('size_differs', { path: 'f0', expected: 100, found: 101 }),
    ],
    [
      'another checksum -> error',
      model([whole, { kind: 'whole', sizeBytes: 100, hashedBytes: 100, sha256: OTHER }]),
      error('checksum_differs', { path: 'f1', expected: SHA, found: OTHER }),
    ],
    ['link leads out of the folder -> error', model([{ kind: 'escapes' }]), error('path_escapes', { path: 'f0' })],
    ['unreadable file -> error', model([{ kind: 'unreadable', code: 'EACCES' }]), error('unreadable', { path: 'f0', error: 'EACCES' })],
    ['GPU too small -> error', model([whole], { minGpuMemoryGb: 40 }), error('gpu_too_small', { expected_gb: 40, found_gb: 24 })],
    [
      'no GPU, GPU required -> error',
      model([whole], { minGpuMemoryGb: 1, largestGpuGb: 0 }),
      error('gpu_too_small', { expected_gb: 1, found_gb: 0 }),
    ],
    [
      'permanent fault and growing file -> permanent fault',
      model([partial(true), { kind: 'escapes' }], { minGpuMemoryGb: 40 }),
      error('path_escapes', { path: 'f1' }),
    ],
    [
      'GPU too small and growing file -> gpu_too_small',
      model([partial(true)], { minGpuMemoryGb: 40 }),
      error('gpu_too_small', { expected_gb: 40, found_gb: 24 }),
    ],
    ['files unverified, process not running -> verifying', model([unread], named(false)), absent('verifying', { path: 'f0' }, 0.25)],
  ])('%s', (_title, facts, expected) => {
    expect(decideReadiness(facts)).toEqual(expected);
  });
});

describe('trackGrowth', () => {
  test.each([
    ['first scan -> no growth', undefined, 50, { sizeBytes: 50, grewAtMonotonicMs: null }],
    ['more bytes -> growth now', { sizeBytes: 40, grewAtMonotonicMs: null }, 50, { sizeBytes: 50, grewAtMonotonicMs: 7 }],
    ['same size -> time of the last growth kept', { sizeBytes: 50, grewAtMonotonicMs: 3 }, 50, { sizeBytes: 50, grewAtMonotonicMs: 3 }],
    ['fewer bytes -> no growth', { sizeBytes: 60, grewAtMonotonicMs: 3 }, 50, { sizeBytes: 50, grewAtMonotonicMs: null }],
  ])('%s', (_title, before, sizeBytes, expected) => {
    expect(trackGrowth(before, sizeBytes, 7)).toEqual(expected);
  });

  test.each([
    [null, 0, false],
    [0, GROWTH_WINDOW_MS - 1, true],
    [0, GROWTH_WINDOW_MS, false],
  ])('isGrowing: grew at %s, now %i -> %s', (grewAtMonotonicMs, nowMonotonicMs, expected) => {
    expect(isGrowing({ sizeBytes: 1, grewAtMonotonicMs }, nowMonotonicMs)).toBe(expected);
  });
});
