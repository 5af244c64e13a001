import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClockProvider } from '../../../../../src/renderer/clock/Clock';
import { type Toast, withToast } from '../../../../../src/renderer/components/toasts/toast-list';
import { ToastsProvider } from '../../../../../src/renderer/components/toasts/ToastsProvider';
import { type Run, type Toasts, useToasts } from '../../../../../src/renderer/components/toasts/use-toasts';
import { useUndoable } from '../../../../../src/renderer/components/toasts/use-undoable';
import { LabelsProvider } from '../../../../../src/renderer/i18n/use-labels';
import type { AppError } from '../../../../../src/shared/api/app-api';
import { fail, ok } from '../../../../../src/shared/result';
import { labelsIn } from '../../support/labels';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ERROR: AppError = { code: 'NODE_NOT_FOUND', message: 'm', details: null };
const succeed: Run = () => Promise.resolve(ok(null));
const refuse: Run = () => Promise.resolve(fail(ERROR));

interface Bench {
  readonly toasts: Toasts;
  /** Advances the clock of the screen and all timers. */
  readonly advance: (ms: number) => Promise<void>;
  readonly texts: () => (string | null)[];
  readonly goAway: () => void;
}

function bench({ leave }: { readonly leave?: Run } = {}): Bench {
  let nowWallMs = 0;
  const ticks = new Set<() => void>();
  const clock = {
    now: () => nowWallMs,
    subscribe: (tick: () => void) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
  };
  const held: { toasts: Toasts | null } = { toasts: null };
  function Reader() {
    held.toasts = useToasts();
    return null;
  }
  function LeavePage({ run }: { readonly run: Run }) {
    const { start, isWaiting } = useUndoable({ key: 'leave', text: 'Leaving Atelier', run }, 10_000);
    return (
      <button type="button" disabled={isWaiting} onClick={start}>
        Leave
      </button>
    );
  }
  const tree = (isThere: boolean) => (
    <ClockProvider value={clock}>
      <LabelsProvider value={labelsIn('en')}>
        <ToastsProvider>
          <Reader />
          {leave !== undefined && isThere && <LeavePage run={leave} />}
        </ToastsProvider>
      </LabelsProvider>
    </ClockProvider>
  );
  const { rerender } = render(tree(true));
  return {
    get toasts() {
      if (held.toasts === null) throw new Error('not rendered');
      return held.toasts;
    },
    advance: (ms) =>
      act(async () => {
        nowWallMs += ms;
        await vi.advanceTimersByTimeAsync(ms);
        for (const tick of ticks) tick();
      }),
    texts: () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent),
    goAway: () => rerender(tree(false)),
  };
}

describe('notices', () => {
  test('in a polite live region; a notice ends after 6 s, not while the pointer is on it', async () => {
    const { toasts, advance, texts } = bench();
    act(() => void toasts.show({ text: 'Copied' }));
    expect(screen.getByRole('list').getAttribute('aria-live')).toBe('polite');
    fireEvent.mouseEnter(screen.getByRole('listitem'));
    await advance(20_000);
    expect(texts()).toHaveLength(1);
    fireEvent.mouseLeave(screen.getByRole('listitem'));
    await advance(0);
    expect(texts()).toEqual([]);
  });

  test('an error stays until it is dismissed', async () => {
    const { toasts, advance, texts } = bench();
    act(() => toasts.showError(ERROR));
    await advance(600_000);
    expect(texts()).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(texts()).toEqual([]);
  });

  const toast = (id: number, more: Partial<Toast> = {}): Toast => ({
    id,
    tone: 'info',
    text: '',
    detail: null,
    undo: null,
    subject: null,
    endsAtWallMs: 0,
    ...more,
  });

  test('newer notice of the same subject -> replaces the older one', () => {
    const shown = [toast(1, { subject: 'sharing', undo: { run: () => undefined } }), toast(2), toast(3, { subject: 'other' })];
    expect(withToast(shown, toast(4, { subject: 'sharing' })).map(({ id }) => id)).toEqual([2, 3, 4]);
  });

  test('many -> the oldest plain notices go, errors and undo stay', () => {
    const shown = [toast(1, { tone: 'error' }), toast(2), toast(3, { undo: { run: () => undefined } }), toast(4)];
    expect(withToast(shown, toast(5)).map(({ id }) => id)).toEqual([1, 3, 4, 5]);
  });
});

describe('sent after a delay', () => {
  test('the time is shown and counts down; then the action is sent once', async () => {
    const leave = vi.fn<Run>(succeed);
    const { advance, texts } = bench({ leave });
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Leave' });
    fireEvent.click(button);
    expect([texts(), button.disabled]).toEqual([['Leaving Atelier10\u00a0sUndo×'], true]);
    await advance(3000);
    expect(texts()).toEqual(['Leaving Atelier7\u00a0sUndo×']);
    await advance(7000);
    expect([leave.mock.calls.length, texts(), button.disabled]).toEqual([1, [], false]);
  });

  test('undone, by the button or the key U -> never sent', async () => {
    const leave = vi.fn<Run>(succeed);
    const { advance, texts } = bench({ leave });
    fireEvent.click(screen.getByRole('button', { name: 'Leave' }));
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
    fireEvent.click(screen.getByRole('button', { name: 'Leave' }));
    fireEvent.keyDown(document.body, { key: 'u' });
    await advance(60_000);
    expect([leave.mock.calls.length, texts()]).toEqual([0, []]);
  });

  test('notice dismissed, or another page opened -> sent all the same', async () => {
    const leave = vi.fn<Run>(succeed);
    const { advance, goAway } = bench({ leave });
    fireEvent.click(screen.getByRole('button', { name: 'Leave' }));
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    goAway();
    await advance(10_000);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  test('the page ends -> sent at once, once', async () => {
    const leave = vi.fn<Run>(succeed);
    const { advance, texts } = bench({ leave });
    fireEvent.click(screen.getByRole('button', { name: 'Leave' }));
    fireEvent(window, new Event('pagehide'));
    expect(leave).toHaveBeenCalledTimes(1);
    await advance(10_000);
    expect([leave.mock.calls.length, texts()]).toEqual([1, []]);
  });

  test('failed -> the reason as an error', async () => {
    const { advance, texts } = bench({ leave: refuse });
    fireEvent.click(screen.getByRole('button', { name: 'Leave' }));
    await advance(10_000);
    expect(texts()).toHaveLength(1);
    expect(screen.getByRole('listitem').dataset['tone']).toBe('error');
  });
});

test('notice with undo: pressed -> runs once; time over -> no undo', async () => {
  const { toasts, advance, texts } = bench();
  const undo = vi.fn<() => void>();
  act(() => void toasts.show({ text: 'lab-a100 gets no new jobs', undo }));
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect([undo.mock.calls.length, texts()]).toEqual([1, []]);
  act(() => void toasts.show({ text: 'x', undo }));
  await advance(10_000);
  expect([undo.mock.calls.length, texts()]).toEqual([1, []]);
});
