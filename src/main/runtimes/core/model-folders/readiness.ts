// Whether a model is ready, decided from what was seen of its files, process and GPU (docs/models.md). Pure.
// What stops it for good comes before what time will cure, so that the owner is told the worst first.
import type { ManifestFile } from './manifest';
import type { ModelReasonCode, Readiness } from './local-model';
import { downloadShare } from '../download-share';

/** What the last look found at a file's place. `growing`: it got larger a short while ago. */
export type FileSeen =
  | { readonly kind: 'missing' }
  /** Smaller than it should be, or only its `.part` (or the like) is there. */
  | { readonly kind: 'partial'; readonly sizeBytes: number; readonly growing: boolean }
  /** At least as large as it should be. `hashed` counts the bytes read so far; `sha256` is null until all are. */
  | { readonly kind: 'whole'; readonly sizeBytes: number; readonly hashedBytes: number; readonly sha256: string | null }
  | { readonly kind: 'escapes' }
  | { readonly kind: 'unreadable'; readonly code: string };

export interface ModelSeen {
  readonly files: readonly { readonly file: ManifestFile; readonly seen: FileSeen }[];
  /** Null: no process is named. `alive` null: nobody can tell. */
  readonly process: { readonly name: string; readonly alive: boolean | null } | null;
  /** Null: no command is named. */
  readonly program: { readonly name: string; readonly found: boolean } | null;
  readonly minGpuMemoryGb: number | null;
  /** Memory of the largest GPU this machine offers; 0: it offers none. */
  readonly largestGpuGb: number;
}

type Details = Readiness['details'];

export function decideReadiness(model: ModelSeen): Readiness {
  const fault = firstFault(model.files);
  if (fault !== null) return error(fault.code, fault.details);
  if (model.minGpuMemoryGb !== null && model.largestGpuGb < model.minGpuMemoryGb) {
    return error('gpu_too_small', { expected_gb: model.minGpuMemoryGb, found_gb: model.largestGpuGb });
  }
  const totalBytes = sum(model.files.map(({ file }) => file.size));
  const growing = model.files.find(({ seen }) => seen.kind === 'partial' && seen.growing);
  if (growing !== undefined) {
    const details = { path: growing.file.path, expected: growing.file.size, found: sizeOf(growing.seen) };
    return {
      state: 'downloading',
      reasonCode: 'downloading',
      details,
      progress: share(sum(model.files.map(({ seen, file }) => Math.min(sizeOf(seen), file.size))), totalBytes),
    };
  }
  const missing = model.files.filter(({ seen }) => seen.kind === 'missing');
  if (missing[0] !== undefined) {
    return notInstalled('file_missing', { path: missing[0].file.path, missing_files: missing.length, files: model.files.length });
  }
  const partial = model.files.find(({ seen }) => seen.kind === 'partial');
  if (partial !== undefined) {
    return notInstalled('incomplete', { path: partial.file.path, expected: partial.file.size, found: sizeOf(partial.seen) });
  }
  const unverified = model.files.find(({ seen }) => seen.kind === 'whole' && seen.sha256 === null);
  if (unverified !== undefined) {
    const hashedBytes = sum(
      model.files.map(({ seen, file }) =>
        seen.kind !== 'whole' ? 0 : seen.sha256 === null ? Math.min(seen.hashedBytes, file.size) : file.size,
      ),
    );
    return { ...notInstalled('verifying', { path: unverified.file.path }), progress: share(hashedBytes, totalBytes) };
  }
  if (model.program?.found === false) return error('program_missing', { program: model.program.name });
  if (model.process !== null && model.process.alive !== true) {
    return error(model.process.alive === null ? 'process_unknown' : 'process_not_running', { process: model.process.name });
  }
  return { state: 'ready', reasonCode: 'all_verified', details: { files: model.files.length, bytes: totalBytes }, progress: null };
}

function firstFault(files: ModelSeen['files']): { readonly code: ModelReasonCode; readonly details: Details } | null {
  for (const { file, seen } of files) {
    if (seen.kind === 'escapes') return { code: 'path_escapes', details: { path: file.path } };
    if (seen.kind === 'unreadable') return { code: 'unreadable', details: { path: file.path, error: seen.code } };
    if (seen.kind !== 'whole') continue;
    if (seen.sizeBytes !== file.size)
      return { code: 'size_differs', details: { path: file.path, expected: file.size, found: seen.sizeBytes } };
    if (seen.sha256 !== null && seen.sha256 !== file.sha256)
      return { code: 'checksum_differs', details: { path: file.path, expected: file.sha256, found: seen.sha256 } };
  }
  return null;
}

const error = (reasonCode: ModelReasonCode, details: Details): Readiness => ({ state: 'error', reasonCode, details, progress: null });
const notInstalled = (reasonCode: ModelReasonCode, details: Details): Readiness => ({
  state: 'not_installed',
  reasonCode,
  details,
  progress: null,
});

const sizeOf = (seen: FileSeen): number => (seen.kind === 'partial' || seen.kind === 'whole' ? seen.sizeBytes : 0);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const share = (done: number, total: number): number => (total === 0 ? 1 : downloadShare(done, total));

/** A file that grew within this time counts as being downloaded. */
export const GROWTH_WINDOW_MS = 15_000;

/** A file's size over time: when it last grew (monotonic ms), null: never while looked at. */
export interface Growth {
  readonly sizeBytes: number;
  readonly grewAtMs: number | null;
}

/** The growth after another look. A file that shrank was begun anew. */
export function trackGrowth(before: Growth | undefined, sizeBytes: number, nowMs: number): Growth {
  if (before === undefined || sizeBytes < before.sizeBytes) return { sizeBytes, grewAtMs: null };
  return { sizeBytes, grewAtMs: sizeBytes > before.sizeBytes ? nowMs : before.grewAtMs };
}

export const isGrowing = (growth: Growth, nowMs: number): boolean => growth.grewAtMs !== null && nowMs - growth.grewAtMs < GROWTH_WINDOW_MS;
