// Whether a model is measured now, waits, or needs none: jobs and the owner come first, and without a wish nothing is asked. Pure.
import type { Measured, Measurement, WaitCode } from './measurement';

/** A model as the decision sees it. */
export interface Candidate {
  readonly modelId: string;
  readonly ready: boolean;
  /** A request suits its kind, and a runtime serves it. */
  readonly measurable: boolean;
  /** Its runtime does not tell its kind: a request by the guess is sent on its owner's wish alone. */
  readonly kindIsGuess: boolean;
  /** With its present version, runtime and GPUs; null: never. */
  readonly measured: Measured | null;
  /** Its owner asked for this one. */
  readonly wished: boolean;
}

/** What else goes on at this machine. */
export interface Surroundings {
  /** A job runs here, or did a moment ago. */
  readonly jobsRunning: boolean;
  /** The owner or an operator wants the machine back. */
  readonly draining: boolean;
  /** None can be used: whatever answered would be no figure of this machine's. */
  readonly gpuUnusable: boolean;
  /** Somebody uses a GPU. */
  readonly gpuBusy: boolean;
}

export interface Decision {
  readonly measurements: ReadonlyMap<string, Measurement>;
  /** To be measured now; null: none. */
  readonly next: string | null;
}

export interface RunningMeasurement {
  readonly modelId: string;
  readonly sinceMs: number;
}

/** `measureAll`: the configuration's wish, for every model whose kind is told, once. What was wished for one by one goes first. */
export function decide(
  candidates: readonly Candidate[],
  surroundings: Surroundings,
  running: RunningMeasurement | null,
  measureAll: boolean,
): Decision {
  const measurements = new Map(
    candidates.map((candidate) => [candidate.modelId, measurementOf(candidate, surroundings, running, measureAll)] as const),
  );
  const due = candidates.filter(({ modelId }) => {
    const measurement = measurements.get(modelId);
    return measurement?.state === 'waiting' && measurement.code === 'next';
  });
  const next = running !== null ? undefined : (due.find(({ wished }) => wished) ?? due[0]);
  return { measurements, next: next?.modelId ?? null };
}

/** What runs must stop: it is in the way. */
export const mustGiveWay = ({ jobsRunning, draining }: Surroundings): boolean => jobsRunning || draining;

function measurementOf(
  { modelId, ready, measurable, kindIsGuess, measured, wished }: Candidate,
  surroundings: Surroundings,
  running: RunningMeasurement | null,
  measureAll: boolean,
): Measurement {
  if (running?.modelId === modelId) return { state: 'running', sinceMs: running.sinceMs };
  if (!measurable) return { state: 'impossible', code: 'no_suited_request' };
  const isDue = wished || (measureAll && measured === null && !kindIsGuess);
  if (isDue) return { state: 'waiting', code: waitsFor(ready, wished, surroundings) };
  return measured === null ? { state: 'none' } : { state: 'measured', measured };
}

/** An owner who asks for one model knows what else the GPU does; the configuration does not. */
function waitsFor(ready: boolean, wished: boolean, { draining, jobsRunning, gpuUnusable, gpuBusy }: Surroundings): WaitCode {
  if (!ready) return 'model_not_ready';
  if (draining) return 'draining';
  if (jobsRunning) return 'jobs_running';
  if (gpuUnusable) return 'gpu_unusable';
  return gpuBusy && !wished ? 'gpu_busy' : 'next';
}
