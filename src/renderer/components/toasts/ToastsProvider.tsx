// Keeps the notices and the actions that wait to be sent, and shows the notices. Above the pages, so that an action is sent when the user
// has gone to another page.
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import { useClock } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { errorTexts } from '../ErrorNote';
import { type Toast, withoutToast, withToast } from './toast-list';
import { ToastList } from './ToastList';
import { type DelayedAction, type NewToast, type Run, type Toasts, ToastsContextProvider } from './use-toasts';

const STAYS_MS = 6000;
const UNDO_STAYS_MS = 10_000;

export function ToastsProvider({ children }: { readonly children: ReactNode }) {
  const { toasts, show, dismiss } = useToastState();
  const labels = useLabels();
  const showError = useCallback(
    (error: AppError): void => {
      const { title, fix } = errorTexts(labels, error);
      show({ tone: 'error', text: title, detail: fix });
    },
    [labels, show],
  );
  const send = useCallback(
    async (run: Run): Promise<void> => {
      const outcome = await run();
      if (!outcome.ok) showError(outcome.error);
    },
    [showError],
  );
  const { later, waiting } = useLater(show, send);
  const value = useMemo((): Toasts => ({ show, showError, later, waiting }), [show, showError, later, waiting]);
  return (
    <ToastsContextProvider value={value}>
      {children}
      <ToastList toasts={toasts} onDismiss={dismiss} />
    </ToastsContextProvider>
  );
}

type Show = (toast: NewToast) => () => void;

function useToastState() {
  const clock = useClock();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);
  const dismiss = useCallback((id: number): void => setToasts((shown) => withoutToast(shown, id)), []);
  const show = useCallback<Show>(
    ({ text, detail = null, tone = 'info', undo, subject = null, staysMs = undo === undefined ? STAYS_MS : UNDO_STAYS_MS }) => {
      const id = ++lastId.current;
      const run = (): void => {
        dismiss(id);
        undo?.();
      };
      const endsAtWallMs = tone === 'error' ? null : clock.now() + staysMs;
      setToasts((shown) => withToast(shown, { id, tone, text, detail, undo: undo === undefined ? null : { run }, subject, endsAtWallMs }));
      return () => dismiss(id);
    },
    [clock, dismiss],
  );
  return { toasts, show, dismiss };
}

/** The actions that wait. When the page ends, they are sent at once: the user decided them, and did not undo them. */
function useLater(show: Show, send: (run: Run) => Promise<void>) {
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set());
  const pending = useRef(new Map<string, { readonly timer: ReturnType<typeof setTimeout>; readonly sendNow: () => void }>());
  useEffect(() => {
    const actions = pending.current;
    const sendAll = (): void => {
      for (const { sendNow } of [...actions.values()]) sendNow();
    };
    window.addEventListener('pagehide', sendAll);
    return () => {
      window.removeEventListener('pagehide', sendAll);
      for (const { timer } of actions.values()) clearTimeout(timer);
      actions.clear();
    };
  }, []);
  const later = useCallback(
    ({ key, text, delayMs, run }: DelayedAction): void => {
      if (pending.current.has(key)) return;
      const end = (): void => {
        clearTimeout(pending.current.get(key)?.timer);
        pending.current.delete(key);
        setWaiting(new Set(pending.current.keys()));
      };
      const dismissToast = show({ text, undo: end, staysMs: delayMs });
      const sendNow = (): void => {
        end();
        dismissToast();
        void send(run);
      };
      pending.current.set(key, { timer: setTimeout(sendNow, delayMs), sendNow });
      setWaiting(new Set(pending.current.keys()));
    },
    [show, send],
  );
  return { later, waiting };
}
