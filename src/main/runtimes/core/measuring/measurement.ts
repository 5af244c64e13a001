// The data types of benchmarks: the result, the conditions of its validity, and the state that the view shows.
import { RUN_ERRORS, type RunError } from '../../../../shared/protocol/job-errors';

/** Error codes of a benchmark, beside HTTP statuses of the runtime. Its request runs like the task of a job. */
export const MEASURING_ERRORS = [...RUN_ERRORS, 'internal_error'] as const;
export type MeasuringError = RunError | 'internal_error';

/** The conditions under which a result is valid. A change of any field makes the result invalid. */
export interface MeasuredSubject {
  readonly modelId: string;
  readonly version: string;
  /** Distinguishes most models when the runtime reports no version. Null: not reported. */
  readonly sizeBytes: number | null;
  readonly runtimeId: string;
  /** The offered GPUs and their drivers. */
  readonly hardware: string;
}

/** The result of a benchmark. */
export type Measured =
  | {
      readonly outcome: 'answered';
      /** Null: the answer has no tokens, or too few for a rate. */
      readonly tokensPerSecond: number | null;
      /** The duration of the whole request. */
      readonly tookMs: number;
      readonly measuredAtWallMs: number;
    }
  | {
      readonly outcome: 'failed';
      /** A `MeasuringError`. A result that another version stored may have another code. */
      readonly code: string;
      /** The runtime's message, for the owner. */
      readonly message: string | null;
      readonly measuredAtWallMs: number;
    };

/** Why a requested benchmark has not started. `next`: it starts next. */
export type WaitCode = 'model_not_ready' | 'draining' | 'jobs_running' | 'gpu_unusable' | 'gpu_busy' | 'next';

export type Measurement =
  /** There is no suitable small request for this model: it is never measured. */
  | { readonly state: 'impossible'; readonly code: 'no_suited_request' }
  | { readonly state: 'none' }
  | { readonly state: 'waiting'; readonly code: WaitCode }
  | { readonly state: 'running'; readonly sinceWallMs: number }
  | { readonly state: 'measured'; readonly measured: Measured };
