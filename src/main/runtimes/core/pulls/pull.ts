// A download of a model as whoever asked for it sees it, whichever program does it.

export interface PullProgress {
  /** The program's own word for the step. */
  readonly status: string;
  /** Of all that is told of so far. */
  readonly completedBytes: number;
  readonly totalBytes: number;
}

export type PullEnd =
  | { readonly end: 'done' | 'stopped' }
  /** `pull_refused`: in the program's own words. `pull_stalled`: nothing new for a long time. `pull_broken`: the connection ended early, or was none. */
  | {
      readonly end: 'failed';
      readonly code: 'pull_refused' | 'pull_stalled' | 'pull_broken' | 'pull_unreadable';
      readonly message: string | null;
    };

/** Why a wanted model is not there yet: what is shown of it. */
export const PULL_REASONS = [
  'pull_wanted',
  'pull_no_ollama',
  'pull_waiting',
  'pulling',
  'pull_refused',
  'pull_stalled',
  'pull_broken',
  'pull_unreadable',
  'pull_not_listed',
] as const;
export type PullReason = (typeof PULL_REASONS)[number];
