// Decides whether a model is ready from the state of its files, process, program and GPU (docs/models.md). Permanent faults take
// precedence over temporary ones, so that the owner sees the worst fault first.
import type { ManifestFile } from './manifest';
import type { ModelReasonCode, Readiness } from './local-model';
import { downloadShare } from '../runtime-snapshot';

/** The state of a file in the last scan. `growing`: the file got larger a short time ago. */
export type FileState =
  | { readonly kind: 'missing' }
  /** The file is too small, or only a temporary file of a downloader exists. */
  | { readonly kind: 'partial'; readonly sizeBytes: number; readonly growing: boolean }
  /** The file has at least its size. `hashedBytes`: read so far. `sha256`: null until the whole file is read. */
  | { readonly kind: 'whole'; readonly sizeBytes: number; readonly hashedBytes: number; readonly sha256: string | null }
  | { readonly kind: 'escapes' }
  | { readonly kind: 'unreadable'; readonly code: string };

export interface ModelFacts {
  readonly files: readonly { readonly file: ManifestFile; readonly state: FileState }[];
  /** Null: the manifest names no process. `alive` null: unknown. */
  readonly process: { readonly name: string; readonly alive: boolean | null } | null;
  /** Null: the manifest has no command. */
  readonly program: { readonly name: string; readonly found: boolean } | null;
  readonly minGpuMemoryGb: number | null;
  /** Memory of the largest offered GPU. 0: no GPU is offered. */
  readonly largestGpuGb: number;
}

type Details = Readiness['details'];

export function decideReadiness(model: ModelFacts): Readiness {
  const fault = firstFault(model.files);
  if (fault !== null) return error(fault.code, fault.details);
  if (model.minGpuMemoryGb !== null && model.largestGpuGb < model.minGpuMemoryGb) {
    return error('gpu_too_small', { expected_gb: model.minGpuMemoryGb, found_gb: model.largestGpuGb });
  }
  const totalBytes = sum(model.files.map(({ file }) => file.size));
  const growing = model.files.find(({ state }) => state.kind === 'partial' && state.growing);
  if (growing !== undefined) {
    const details = { path: growing.file.path, expected: growing.file.size, found: sizeOf(growing.state) };
    return {
      state: 'downloading',
      reasonCode: 'downloading',
      details,
      progress: share(sum(model.files.map(({ state, file }) => Math.min(sizeOf(state), file.size))), totalBytes),
    };
  }
  const missing = model.files.filter(({ state }) => state.kind === 'missing');
  if (missing[0] !== undefined) {
    return notInstalled('file_missing', { path: missing[0].file.path, missing_files: missing.length, files: model.files.length });
  }
  const partial = model.files.find(({ state }) => state.kind === 'partial');
  if (partial !== undefined) {
    return notInstalled('incomplete', { path: partial.file.path, expected: partial.file.size, found: sizeOf(partial.state) });
  }
  const unverified = model.files.find(({ state }) => state.kind === 'whole' && state.sha256 === null);
  if (unverified !== undefined) {
    const hashedBytes = sum(
      model.files.map(({ state, file }) =>
        state.kind !== 'whole' ? 0 : state.sha256 === null ? Math.min(state.hashedBytes, file.size) : file.size,
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

function firstFault(files: ModelFacts['files']): { readonly code: ModelReasonCode; readonly details: Details } | null {
  for (const { file, state } of files) {
    if (state.kind === 'escapes') return { code: 'path_escapes', details: { path: file.path } };
    if (state.kind === 'unreadable') return { code: 'unreadable', details: { path: file.path, error: state.code } };
    if (state.kind !== 'whole') continue;
    if (state.sizeBytes !== file.size)
      return { code: 'size_differs', details: { path: file.path, expected: file.size, found: state.sizeBytes } };
    if (state.sha256 !== null && state.sha256 !== file.sha256)
      return { code: 'checksum_differs', details: { path: file.path, expected: file.sha256, found: state.sha256 } };
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

const sizeOf = (state: FileState): number => (state.kind === 'partial' || state.kind === 'whole' ? state.sizeBytes : 0);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const share = (done: number, total: number): number => (total === 0 ? 1 : downloadShare(done, total));

/** A file that grew within this time is being downloaded. */
export const GROWTH_WINDOW_MS = 15_000;

/** The growth of a file. `grewAtMonotonicMs` null: no growth was observed. */
export interface Growth {
  readonly sizeBytes: number;
  readonly grewAtMonotonicMs: number | null;
}

/** The growth after another scan. A file that shrank is a new download. */
export function trackGrowth(before: Growth | undefined, sizeBytes: number, nowMonotonicMs: number): Growth {
  if (before === undefined || sizeBytes < before.sizeBytes) return { sizeBytes, grewAtMonotonicMs: null };
  return { sizeBytes, grewAtMonotonicMs: sizeBytes > before.sizeBytes ? nowMonotonicMs : before.grewAtMonotonicMs };
}

export const isGrowing = (growth: Growth, nowMonotonicMs: number): boolean =>
  growth.grewAtMonotonicMs !== null && nowMonotonicMs - growth.grewAtMonotonicMs < GROWTH_WINDOW_MS;
