// One action of a page that is sent after a delay, and can be undone until then.
import { useToasts, type DelayedAction } from './use-toasts';

export interface Undoable {
  readonly start: () => void;
  /** Whether the action waits to be sent. */
  readonly isWaiting: boolean;
}

export function useUndoable(action: Omit<DelayedAction, 'delayMs'>, delayMs: number): Undoable {
  const { later, waiting } = useToasts();
  return { start: () => later({ ...action, delayMs }), isWaiting: waiting.has(action.key) };
}
