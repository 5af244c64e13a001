// The notices at the foot of the screen. A polite live region: a screen reader reads a notice when it appears, and not the seconds that
// are left. A notice stays while the pointer or the focus is on it, unless its end is the end of the time to undo.
import { useEffect, useMemo, useState } from 'react';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { type Shortcut, useShortcuts } from '../shortcuts/use-shortcuts';
import { StatusShape } from '../StatusShape';
import type { Toast } from './toast-list';
import classes from './ToastList.module.css';

export interface ToastListProps {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: number) => void;
}

export function ToastList({ toasts, onDismiss }: ToastListProps) {
  const { t } = useLabels();
  const lastUndo = toasts.findLast(({ undo }) => undo !== null)?.undo ?? null;
  const shortcuts = useMemo(
    (): readonly Shortcut[] => (lastUndo === null ? [] : [{ keys: 'u', label: t('shortcut.undo'), run: lastUndo.run }]),
    [t, lastUndo],
  );
  useShortcuts(shortcuts);
  return (
    <section className={classes['toasts']} aria-label={t('toast.label')}>
      <ol aria-live="polite" aria-relevant="additions">
        {toasts.map((toast) => (
          <ToastItem key={toast.id} toast={toast} onDismiss={onDismiss} />
        ))}
      </ol>
    </section>
  );
}

function ToastItem({ toast, onDismiss }: { readonly toast: Toast; readonly onDismiss: (id: number) => void }) {
  const { t } = useLabels();
  const [isHeld, setIsHeld] = useState(false);
  const hold = { onMouseEnter: () => setIsHeld(true), onMouseLeave: () => setIsHeld(false) };
  const focus = { onFocus: () => setIsHeld(true), onBlur: () => setIsHeld(false) };
  return (
    <li className={classes['toast']} data-tone={toast.tone} {...hold} {...focus}>
      {toast.tone === 'error' && <StatusShape shape="refused" size={16} />}
      <span className={classes['text']}>
        {toast.text}
        {toast.detail !== null && <small>{toast.detail}</small>}
      </span>
      {toast.undo !== null && (
        <>
          <Left toast={toast} />
          <button type="button" className={classes['undo']} onClick={toast.undo.run}>
            {t('toast.undo')}
          </button>
        </>
      )}
      <button type="button" className={classes['close']} aria-label={t('action.dismiss')} onClick={() => onDismiss(toast.id)}>
        ×
      </button>
      {toast.endsAtWallMs !== null && (toast.undo !== null || !isHeld) && (
        <End atWallMs={toast.endsAtWallMs} onEnd={() => onDismiss(toast.id)} />
      )}
    </li>
  );
}

function Left({ toast: { endsAtWallMs } }: { readonly toast: Toast }) {
  const { format } = useLabels();
  const now = useNow();
  if (endsAtWallMs === null) return null;
  return (
    <span className={classes['left']} aria-hidden="true">
      {format.duration(Math.ceil((endsAtWallMs - now) / 1000) * 1000)}
    </span>
  );
}

/** Dismisses the notice with the first tick after its end. A held notice has none, and then disappears soon after it is left. */
function End({ atWallMs, onEnd }: { readonly atWallMs: number; readonly onEnd: () => void }) {
  const isOver = useNow() >= atWallMs;
  useEffect(() => {
    if (isOver) onEnd();
  }, [isOver, onEnd]);
  return null;
}
