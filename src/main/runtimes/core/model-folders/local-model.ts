// The data types of models in model folders: identity, readiness and its reason.
import type { ModelProblem } from '../../../../shared/api/agent-view';
import type { CapabilityState, ModelKind } from '../../../../shared/protocol/node-messages';
import type { CommandSpec } from '../command/command-spec';

/**
 * The reasons of each state of a model:
 * - `ready`: `all_verified` (every file has its size and checksum, the named process runs, the program exists, the GPU is large enough)
 * - `not_installed`: `file_missing`, `incomplete` (part of a file exists and does not grow), `verifying` (checksums are being computed)
 * - `downloading`: `downloading` (a file is too small and grows)
 * - `error`: `size_differs`, `checksum_differs`, `path_escapes`, `unreadable`, `gpu_too_small`, `program_missing`,
 *   `process_not_running`, `process_unknown`
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
  /** 0 to 1 while downloading or verifying, else null. */
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
  /** The folder with all links resolved. */
  readonly realFolder: string;
  /** The program that runs its jobs. Null: the manifest names none. */
  readonly command: CommandSpec | null;
  readonly sizeBytes: number;
  readonly readiness: Readiness;
  readonly checkedAtWallMs: number;
}

/** An invalid manifest or an unreadable folder. */
export type ModelFolderProblem = Readonly<ModelProblem>;

/** The result of one scan of all model folders. */
export interface ModelFoldersSnapshot {
  readonly models: readonly LocalModel[];
  readonly problems: readonly ModelFolderProblem[];
}
