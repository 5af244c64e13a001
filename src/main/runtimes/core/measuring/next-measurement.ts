// Decides which model is benchmarked now. Jobs and the owner's own work have precedence, and no benchmark runs without a request.
import type { Measured, Measurement, WaitCode } from './measurement';

/** A model and the facts for the decision. */
export interface MeasurementCandidate {
  readonly modelId: string;
  readonly ready: boolean;
  /** There is a request for its kind, and a runtime that serves the request. */
  readonly measurable: boolean;
  /** The runtime does not report its kind: the model is measured only when the owner requests it. */
  readonly kindIsGuess: boolean;
  /** The result for its present version, runtime and GPUs. Null: there is none. */
  readonly measured: Measured | null;
  /** The owner requested this benchmark. */
  readonly requested: boolean;
}

/** The state of this machine that a benchmark depends on. */
export interface Preconditions {
  /** A job runs, or ran a moment ago. */
  readonly jobsRunning: boolean;
  /** The node is draining or drained. */
  readonly draining: boolean;
  /** No GPU is usable: a result would not be valid for this machine. */
  readonly gpuUnusable: boolean;
  /** Another program uses a GPU. */
  readonly gpuBusy: boolean;
}

export interface MeasurementDecision {
  readonly measurements: ReadonlyMap<string, Measurement>;
  /** The model to measure now. Null: none. */
  readonly next: string | null;
}

export interface RunningMeasurement {
  readonly modelId: string;
  readonly sinceWallMs: number;
}

/** `measureAll`: the configuration requests every model with a known kind once. Models that the owner requested come first. */
export function decideMeasurement(
  candidates: readonly MeasurementCandidate[],
  preconditions: Preconditions,
  running: RunningMeasurement | null,
  measureAll: boolean,
): MeasurementDecision {
  const measurements = new Map(
    candidates.map((candidate) => [candidate.modelId, measurementOf(candidate, preconditions, running, measureAll)] as const),
  );
  const due = candidates.filter(({ modelId }) => {
    const measurement = measurements.get(modelId);
    return measurement?.state === 'waiting' && measurement.code === 'next';
  });
  const next = running !== null ? undefined : (due.find(({ requested }) => requested) ?? due[0]);
  return { measurements, next: next?.modelId ?? null };
}

/** Whether a running benchmark must stop. */
export const mustStop = ({ jobsRunning, draining }: Preconditions): boolean => jobsRunning || draining;

function measurementOf(
  { modelId, ready, measurable, kindIsGuess, measured, requested }: MeasurementCandidate,
  preconditions: Preconditions,
  running: RunningMeasurement | null,
  measureAll: boolean,
): Measurement {
  if (running?.modelId === modelId) return { state: 'running', sinceWallMs: running.sinceWallMs };
  if (!measurable) return { state: 'impossible', code: 'no_suited_request' };
  const isDue = requested || (measureAll && measured === null && !kindIsGuess);
  if (isDue) return { state: 'waiting', code: waitCodeOf(ready, requested, preconditions) };
  return measured === null ? { state: 'none' } : { state: 'measured', measured };
}

/** An owner who requests a benchmark knows which other programs use the GPU. The configuration does not. */
function waitCodeOf(ready: boolean, requested: boolean, { draining, jobsRunning, gpuUnusable, gpuBusy }: Preconditions): WaitCode {
  if (!ready) return 'model_not_ready';
  if (draining) return 'draining';
  if (jobsRunning) return 'jobs_running';
  if (gpuUnusable) return 'gpu_unusable';
  return gpuBusy && !requested ? 'gpu_busy' : 'next';
}
