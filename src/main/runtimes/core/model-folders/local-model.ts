// A model on this machine's disk and whether it is ready, with the reason as a code and numbers.
import type { CapabilityState, ModelKind } from '../../../../shared/protocol/node-messages';
import type { CommandSpec } from '../command/command-spec';

/**
 * - `all_verified`: every file has its size and checksum, process and program (if named) are there, the GPU is large enough
 * - `file_missing`, `incomplete` (a part is there and does not grow), `verifying` (checksums are being computed): `not_installed`
 * - `downloading`: a file is smaller than it should be and grows
 * - `size_differs`, `checksum_differs`, `path_escapes`, `unreadable`, `gpu_too_small`, `program_missing`, `process_not_running`, `process_unknown`: `error`
 */
export type ModelReasonCode =
  | 'all_verified'
  | 'file_missing'
  | 'incomplete'
  | 'verifying'
  | 'downloading'
  | 'size_differs'
  | 'checksum_differs'
  | 'path_escapes'
  | 'unreadable'
  | 'gpu_too_small'
  | 'program_missing'
  | 'process_not_running'
  | 'process_unknown';

export interface Readiness {
  readonly state: CapabilityState;
  readonly reasonCode: ModelReasonCode;
  /** Names and numbers behind the reason, e.g. `{path, expected, found}`. */
  readonly details: Readonly<Record<string, string | number>>;
  /** 0-1 while downloading or verifying, else null. */
  readonly progress: number | null;
}

export interface LocalModel {
  readonly modelId: string;
  readonly kind: ModelKind;
  readonly version: string;
  readonly srcLang: string | null;
  readonly tgtLang: string | null;
  readonly dialect: string | null;
  readonly folder: string;
  /** Where the folder really is. */
  readonly realFolder: string;
  /** How its jobs are run here; null: by no program that the manifest names. */
  readonly command: CommandSpec | null;
  readonly sizeBytes: number;
  readonly readiness: Readiness;
  /** Unix ms of the last look. */
  readonly checkedAtMs: number;
}

/** A manifest or folder that could not be taken: where, which field, and why. */
export interface ModelFolderProblem {
  readonly folder: string;
  readonly field: string;
  readonly reason: string;
}

/** What one look at all model folders found. */
export interface ModelsSeen {
  readonly models: readonly LocalModel[];
  readonly problems: readonly ModelFolderProblem[];
}
