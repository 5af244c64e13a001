// The result of one probe of a runtime: its state and its models with their readiness. Compares two probes for the log.
import type { RuntimeType } from '../../../shared/api/agent-view';
import type { ModelResidency } from '../../../shared/protocol/model-control';
import type { CapabilityState, InstalledModel } from '../../../shared/protocol/node-messages';
import type { ExchangeFailure } from './servers/answers';

export type KeyFileFault = 'key_file_missing' | 'key_file_unreadable' | 'key_file_exposed' | 'key_file_not_a_key';

/** Why a runtime is in its state, apart from an HTTP status. */
export type RuntimeReason =
  | 'ok'
  | 'loading_model'
  | 'not_ready'
  | 'list_not_answered'
  | 'health_unknown'
  | 'health_not_answered'
  | 'engine_dead'
  | 'key_needed'
  | 'not_recognised'
  | 'muster_scheduler'
  | KeyFileFault
  | ExchangeFailure;

/** An HTTP status without a more specific reason. */
export type HttpReason = `http_${number}`;

/** A runtime and its state. */
export interface RuntimeStatus {
  /** Stable within this machine, e.g. `folders` or `http://127.0.0.1:11434`. */
  readonly id: string;
  readonly type: RuntimeType;
  /** Null for model folders. */
  readonly url: string | null;
  readonly version: string | null;
  readonly state: 'running' | 'starting' | 'not_running' | 'unauthorized' | 'wrong_service';
  readonly reasonCode: RuntimeReason | HttpReason;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly checkedAtWallMs: number | null;
}

/** A model and its state: what the heartbeat sends, and details for the owner. */
export interface RuntimeModel {
  readonly runtimeId: string;
  readonly model: InstalledModel;
  /** The runtime does not report the kind of the model, so `kind` is a guess. Absent: the kind is known. */
  readonly kindIsGuess?: boolean;
  readonly state: CapabilityState;
  /** Whether the model is in memory. Absent: the runtime does not report it. */
  readonly residency?: ModelResidency;
  /** The runtime can delete it from the disk. Absent: it cannot. */
  readonly isRemovable?: boolean;
  /** For example `loaded`, `cold` (ready, is loaded on use), `loading`, `downloading`, `all_verified`, `runtime_not_running`. */
  readonly reasonCode: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly sizeBytes: number | null;
  readonly progress: number | null;
  readonly checkedAtWallMs: number | null;
}

export interface RuntimeSnapshot {
  readonly runtime: RuntimeStatus;
  readonly models: readonly RuntimeModel[];
}

/** The completed share of a download, 0 to 1, with two decimals: a view changes at most a hundred times. `total` is not 0. */
export const downloadShare = (done: number, total: number): number => Math.min(1, Math.floor((done / total) * 100) / 100);

export interface ModelChange {
  readonly modelId: string;
  /** Null: the model was removed. */
  readonly now: Pick<RuntimeModel, 'state' | 'reasonCode' | 'details'> | null;
}

/** Models that were added or removed, or have another state or reason. Progress of a download or a checksum is not a change. */
export function modelChanges(before: readonly RuntimeModel[], after: readonly RuntimeModel[]): readonly ModelChange[] {
  const known = new Map(before.map((model) => [model.model.model_id, model]));
  const current = new Set(after.map(({ model }) => model.model_id));
  const changed = after.filter(({ model, state, reasonCode }) => {
    const old = known.get(model.model_id);
    return old?.state !== state || old.reasonCode !== reasonCode;
  });
  return [
    ...changed.map(({ model, state, reasonCode, details }) => ({ modelId: model.model_id, now: { state, reasonCode, details } })),
    ...[...known.keys()].filter((modelId) => !current.has(modelId)).map((modelId) => ({ modelId, now: null })),
  ];
}
