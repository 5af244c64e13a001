// The data types of a model download, independent of the program that does it.

export interface PullProgress {
  /** The program's name for the step. */
  readonly status: string;
  /** Sums over all files reported so far. */
  readonly completedBytes: number;
  readonly totalBytes: number;
}

export type PullEnd =
  | { readonly end: 'done' | 'stopped' }
  /** `pull_refused`: with the program's message. `pull_unknown`: the library has no such model. `pull_stalled`: no progress for a long time. `pull_broken`: the connection failed. */
  | {
      readonly end: 'failed';
      readonly code: 'pull_refused' | 'pull_unknown' | 'pull_stalled' | 'pull_broken' | 'pull_unreadable';
      readonly message: string | null;
    };

/** Why a wanted model is not downloaded yet. */
export const PULL_REASONS = [
  'pull_wanted',
  'pull_no_ollama',
  'pull_waiting',
  'pull_paused',
  'pulling',
  'pull_refused',
  'pull_unknown',
  'pull_stalled',
  'pull_broken',
  'pull_unreadable',
  'pull_not_listed',
] as const;
export type PullReason = (typeof PULL_REASONS)[number];
