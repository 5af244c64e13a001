// The words of this folder: what was measured of a model, what it counts for, and what is shown of it.
import { RUN_ERRORS, type RunError } from '../../../../shared/protocol/job-errors';

/** What a measurement fails with, beside the HTTP statuses of a runtime: its request is run like a job's. */
export const MEASURING_ERRORS = [...RUN_ERRORS, 'internal_error'] as const;
export type MeasuringError = RunError | 'internal_error';

/** What a figure counts for: with any other of these it is another figure. */
export interface MeasuredSubject {
  readonly modelId: string;
  readonly version: string;
  /** Where a runtime tells no version, the size tells most models apart; null: not told either. */
  readonly sizeBytes: number | null;
  readonly runtimeId: string;
  /** The GPUs offered and their drivers. */
  readonly hardware: string;
}

/** How the request of a measurement ended. */
export type Measured =
  | {
      readonly outcome: 'answered';
      /** Null: the answer has no tokens, or too few to tell. */
      readonly tokensPerSecond: number | null;
      /** Of the whole request. */
      readonly tookMs: number;
      /** Unix ms. */
      readonly measuredAtMs: number;
    }
  | {
      readonly outcome: 'failed';
      /** A `MeasuringError`; of a figure that another version kept, perhaps another. */
      readonly code: string;
      /** The runtime's own words, for the owner. */
      readonly message: string | null;
      readonly measuredAtMs: number;
    };

/** Why a measurement that is wished for has not begun. `next`: it is about to. */
export type WaitCode = 'model_not_ready' | 'draining' | 'jobs_running' | 'gpu_unusable' | 'gpu_busy' | 'next';

export type Measurement =
  /** No request is small and suits: it is never measured. */
  | { readonly state: 'impossible'; readonly code: 'no_suited_request' }
  | { readonly state: 'none' }
  | { readonly state: 'waiting'; readonly code: WaitCode }
  | { readonly state: 'running'; readonly sinceMs: number }
  | { readonly state: 'measured'; readonly measured: Measured };
