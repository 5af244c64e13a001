// Flap damping for the probes of a runtime. A runtime counts as running until three probes in a row have failed. Then its models stay
// listed, not ready, with the reason.
import type { RuntimeModel, RuntimeSnapshot, RuntimeStatus } from './runtime-snapshot';

/** A running runtime counts as not running after this many failed probes in a row. */
export const FAILED_PROBES_UNTIL_NOT_RUNNING = 3;

export interface DampedSnapshot {
  readonly snapshot: RuntimeSnapshot;
  /** Failed probes in a row. */
  readonly failedProbes: number;
}

/** Whether a probe failed: no answer at all, or no list of models. */
export const isFailedProbe = ({ state, reasonCode }: Pick<RuntimeStatus, 'state' | 'reasonCode'>): boolean =>
  state === 'not_running' || reasonCode === 'list_not_answered';

/** Bytes of a job within this time prove that the server runs. The tokens of large models are seconds apart. */
const JOB_ACTIVITY_MS = 10_000;

/** Whether a probe failed because the server runs our job: a server with one thread answers nothing else while it streams. */
export const isBusyWithJob = (found: Pick<RuntimeStatus, 'reasonCode'>, jobBytesAgoMs: number): boolean =>
  (found.reasonCode === 'timeout' || found.reasonCode === 'list_not_answered') && jobBytesAgoMs <= JOB_ACTIVITY_MS;

/** The state after a probe. `before` null: the first probe, whose result is taken as it is. */
export function withHysteresis(before: DampedSnapshot | null, found: RuntimeSnapshot): DampedSnapshot {
  const failedProbes = isFailedProbe(found.runtime) ? (before?.failedProbes ?? 0) + 1 : 0;
  if (before === null) return { snapshot: found, failedProbes: failedProbes };
  const wasRunning = before.snapshot.runtime.state !== 'not_running';
  if (wasRunning && failedProbes > 0 && failedProbes < FAILED_PROBES_UNTIL_NOT_RUNNING)
    return { snapshot: before.snapshot, failedProbes: failedProbes };
  const reason = found.models.length === 0 ? unavailableReason(found.runtime) : null;
  if (reason === null) return { snapshot: found, failedProbes: failedProbes };
  return {
    snapshot: {
      runtime: keepType(before.snapshot.runtime, found.runtime),
      models: before.snapshot.models.map((model) => toUnavailable(model, reason, found.runtime)),
    },
    failedProbes: failedProbes,
  };
}

/** Why a model is unavailable: the state of its runtime. */
export type UnavailableReason = 'runtime_not_running' | 'runtime_starting' | 'runtime_unauthorized';

/** Why the models of an earlier probe are unavailable. Null: the runtime has no models any more. */
function unavailableReason({ state }: RuntimeStatus): UnavailableReason | null {
  switch (state) {
    case 'not_running':
      return 'runtime_not_running';
    case 'starting':
      return 'runtime_starting';
    case 'unauthorized':
      return 'runtime_unauthorized';
    case 'running':
    case 'wrong_service':
      return null;
  }
}

/** A program that does not answer does not state its type: the last known type stays. */
const keepType = (before: RuntimeStatus, found: RuntimeStatus): RuntimeStatus =>
  found.state === 'not_running' ? { ...found, type: before.type, version: before.version } : found;

const toUnavailable = (
  { residency: _unknownNow, ...model }: RuntimeModel,
  reasonCode: UnavailableReason,
  { state, checkedAtWallMs }: RuntimeStatus,
): RuntimeModel => ({
  ...model,
  state: state === 'starting' ? 'not_installed' : 'error',
  reasonCode,
  details: {},
  progress: null,
  checkedAtWallMs,
});
