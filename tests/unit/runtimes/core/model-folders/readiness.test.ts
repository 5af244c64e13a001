import { describe, expect, test } from 'vitest';
import type { Readiness } from '../../../../../src/main/runtimes/core/model-folders/local-model';
import {
  decideReadiness,
  type FileSeen,
  GROWTH_WINDOW_MS,
  isGrowing,
  type ModelSeen,
  trackGrowth,
} from '../../../../../src/main/runtimes/core/model-folders/readiness';

const SHA = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const file = (path: string, size = 100) => ({ path, size, sha256: SHA });
const whole: FileSeen = { kind: 'whole', sizeBytes: 100, hashedBytes: 100, sha256: SHA };
const unread: FileSeen = { kind: 'whole', sizeBytes: 100, hashedBytes: 25, sha256: null };
const partial = (growing: boolean): FileSeen => ({ kind: 'partial', sizeBytes: 50, growing });

const model = (seen: readonly FileSeen[], fields: Partial<ModelSeen> = {}): ModelSeen => ({
  files: seen.map((one, index) => ({ file: file(`f${String(index)}`), seen: one })),
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

describe('a model', () => {
  test.each<[string, ModelSeen, Readiness]>([
    ['with every file verified is ready', model([whole]), ready],
    ['whose process lives is ready', model([whole], named(true)), ready],
    ['on a GPU that is just large enough is ready', model([whole], { minGpuMemoryGb: 24 }), ready],
    ['with no file but a living process is ready', model([], named(true)), { ...ready, details: { files: 0, bytes: 0 } }],
    ['with no file but a program that is there is ready', model([], run(true)), { ...ready, details: { files: 0, bytes: 0 } }],
    ['whose program is missing is not', model([whole], run(false)), error('program_missing', { program: 'espeak-ng' })],
    [
      'whose program is missing while its files are being read is first read',
      model([unread], run(false)),
      absent('verifying', { path: 'f0' }, 0.25),
    ],
    ['whose process is gone is not', model([whole], named(false)), error('process_not_running', { process: 'llama-server' })],
    ['whose process nobody can see is not', model([whole], named(null)), error('process_unknown', { process: 'llama-server' })],
    [
      'with a file missing is not installed',
      model([whole, { kind: 'missing' }]),
      absent('file_missing', { path: 'f1', missing_files: 1, files: 2 }),
    ],
    ['with a part that rests is not installed', model([partial(false)]), absent('incomplete', { path: 'f0', expected: 100, found: 50 })],
    [
      'with a part that grows is downloading',
      model([whole, partial(true), { kind: 'missing' }]),
      { state: 'downloading', reasonCode: 'downloading', details: { path: 'f1', expected: 100, found: 50 }, progress: 0.5 },
    ],
    ['that is being read is not ready yet, and says how far it is', model([whole, unread]), absent('verifying', { path: 'f1' }, 0.62)],
    [
      'with a file too large is in error',
      model([{ kind: 'whole', sizeBytes: 101, hashedBytes: 0, sha256: null }]),
      error('size_differs', { path: 'f0', expected: 100, found: 101 }),
    ],
    [
      'with another checksum is in error',
      model([whole, { kind: 'whole', sizeBytes: 100, hashedBytes: 100, sha256: OTHER }]),
      error('checksum_differs', { path: 'f1', expected: SHA, found: OTHER }),
    ],
    ['with a link that leads out is in error', model([{ kind: 'escapes' }]), error('path_escapes', { path: 'f0' })],
    [
      'with a file that can’t be read is in error',
      model([{ kind: 'unreadable', code: 'EACCES' }]),
      error('unreadable', { path: 'f0', error: 'EACCES' }),
    ],
    ['on a GPU too small is in error', model([whole], { minGpuMemoryGb: 40 }), error('gpu_too_small', { expected_gb: 40, found_gb: 24 })],
    [
      'that needs a GPU where none is, is in error',
      model([whole], { minGpuMemoryGb: 1, largestGpuGb: 0 }),
      error('gpu_too_small', { expected_gb: 1, found_gb: 0 }),
    ],
    [
      'is told its worst fault before what time will cure',
      model([partial(true), { kind: 'escapes' }], { minGpuMemoryGb: 40 }),
      error('path_escapes', { path: 'f1' }),
    ],
    [
      'is told of the GPU before a download that would be in vain',
      model([partial(true)], { minGpuMemoryGb: 40 }),
      error('gpu_too_small', { expected_gb: 40, found_gb: 24 }),
    ],
    ['whose files are read is not blamed on its process yet', model([unread], named(false)), absent('verifying', { path: 'f0' }, 0.25)],
  ])('%s', (_title, seen, expected) => {
    expect(decideReadiness(seen)).toEqual(expected);
  });
});

describe('growth', () => {
  test.each([
    ['the first look knows of none', undefined, 50, { sizeBytes: 50, grewAtMs: null }],
    ['more bytes are growth now', { sizeBytes: 40, grewAtMs: null }, 50, { sizeBytes: 50, grewAtMs: 7 }],
    ['as many bytes keep the time of the last growth', { sizeBytes: 50, grewAtMs: 3 }, 50, { sizeBytes: 50, grewAtMs: 3 }],
    ['fewer bytes are a new beginning', { sizeBytes: 60, grewAtMs: 3 }, 50, { sizeBytes: 50, grewAtMs: null }],
  ])('%s', (_title, before, sizeBytes, expected) => {
    expect(trackGrowth(before, sizeBytes, 7)).toEqual(expected);
  });

  test.each([
    [null, 0, false],
    [0, GROWTH_WINDOW_MS - 1, true],
    [0, GROWTH_WINDOW_MS, false],
  ])('last seen at %s counts at %i: %s', (grewAtMs, nowMs, expected) => {
    expect(isGrowing({ sizeBytes: 1, grewAtMs }, nowMs)).toBe(expected);
  });
});
