// What one look at a runtime found: whether it answers, and its models with their readiness.
import type { RuntimeFlavour } from '../../../shared/api/agent-view';
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

/** It answered with a status that says nothing of its own. */
export type HttpReason = `http_${number}`;

/** A program on this machine that serves models, and whether it answers. */
export interface RuntimeStatus {
  /** Stable within this machine, e.g. `folders` or `http://127.0.0.1:11434`. */
  readonly id: string;
  readonly flavour: RuntimeFlavour;
  /** Null for model folders. */
  readonly url: string | null;
  readonly version: string | null;
  readonly state: 'running' | 'starting' | 'not_running' | 'unauthorized' | 'wrong_service';
  readonly reasonCode: RuntimeReason | HttpReason;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly checkedAtMs: number | null;
}

/** A model and whether it is ready: what the heartbeat says, with the facts behind it for its owner. */
export interface RuntimeModel {
  readonly runtimeId: string;
  readonly model: InstalledModel;
  /** The runtime does not tell its kind: nothing may be asked of it by this kind alone. Absent: it is told. */
  readonly kindIsGuess?: boolean;
  readonly state: CapabilityState;
  /** e.g. `loaded`, `cold` (ready, loads on use), `loading`, `downloading`, `all_verified`, `runtime_not_running`. */
  readonly reasonCode: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly sizeBytes: number | null;
  readonly progress: number | null;
  readonly checkedAtMs: number | null;
}

export interface RuntimeSnapshot {
  readonly runtime: RuntimeStatus;
  readonly models: readonly RuntimeModel[];
}
