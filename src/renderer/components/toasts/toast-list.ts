// The notices on the screen, as data. A notice without an end stays until the user dismisses it.

export interface ToastUndo {
  /** Undoes the action; the notice disappears. */
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly text: string;
  /** A second line, such as how to fix an error. */
  readonly detail: string | null;
  readonly undo: ToastUndo | null;
  /** Of what the notice tells the state. A newer one with the same subject replaces it. */
  readonly subject: string | null;
  /** When the notice disappears, by the clock of the screen. Null: when the user dismisses it. */
  readonly endsAtWallMs: number | null;
}

/** Older notices than these disappear: the screen is not covered. Errors and notices that can be undone stay. */
const MOST_SHOWN = 4;

export function withToast(toasts: readonly Toast[], toast: Toast): readonly Toast[] {
  const all = [...toasts.filter(({ subject }) => subject === null || subject !== toast.subject), toast];
  const surplus = all.length - MOST_SHOWN;
  const removable = all.filter(({ tone, undo }) => tone === 'info' && undo === null).slice(0, Math.max(0, surplus));
  return surplus <= 0 ? all : all.filter((one) => one === toast || !removable.includes(one));
}

export const withoutToast = (toasts: readonly Toast[], id: number): readonly Toast[] => toasts.filter((one) => one.id !== id);
