// One action of a page that can be undone: sent after a delay, or sent at once with a reverse.
import { useToasts, type DelayedAction, type ReversibleAction } from './use-toasts';

export interface Undoable {
  readonly start: () => void;
  /** Whether the action waits to be sent. */
  readonly isWaiting: boolean;
}

export function useUndoable(action: Omit<DelayedAction, 'delayMs'>, delayMs: number): Undoable;
export function useUndoable(action: ReversibleAction): Undoable;
export function useUndoable(action: Omit<DelayedAction, 'delayMs'> | ReversibleAction, delayMs?: number): Undoable {
  const { later, now, waiting } = useToasts();
  if ('reverse' in action) return { start: () => void now(action), isWaiting: false };
  return { start: () => later({ ...action, delayMs: delayMs ?? 0 }), isWaiting: waiting.has(action.key) };
}
