// Notices at the foot of the screen, and actions that can be undone. Both outlive the component that starts them.
import { createContext, useContext } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import type { Result } from '../../../shared/result';

export interface NewToast {
  readonly text: string;
  readonly detail?: string;
  /** Errors stay until the user dismisses them. */
  readonly tone?: 'info' | 'error';
  readonly undo?: () => void;
  /** Of what the notice tells the state, such as sharing. A newer notice with the same subject replaces it, with its undo. */
  readonly subject?: string;
  /** How long the notice stays, in ms. Default: 6 s, with an undo button 10 s. */
  readonly staysMs?: number;
}

export type Run = () => Promise<Result<unknown, AppError>>;

/** An action that is sent after a delay, such as leaving a pool: until then undoing costs nothing. */
export interface DelayedAction {
  /** A second action with the same key waits for no second time. */
  readonly key: string;
  /** What happens when the time is over, e.g. `Leaving Atelier`. */
  readonly text: string;
  readonly delayMs: number;
  readonly run: Run;
}

export interface Toasts {
  /** Returns the function that removes the notice. */
  readonly show: (toast: NewToast) => () => void;
  /** Shows why an operation failed. */
  readonly showError: (error: AppError) => void;
  /** Sends the action after the delay, unless the user undoes it. When the page ends before, the action is sent at once. */
  readonly later: (action: DelayedAction) => void;
  /** The keys of the delayed actions that have not been sent. */
  readonly waiting: ReadonlySet<string>;
}

const ToastsContext = createContext<Toasts | null>(null);
export const ToastsContextProvider = ToastsContext.Provider;

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (toasts === null) throw new Error('no ToastsProvider');
  return toasts;
}
