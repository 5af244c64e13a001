// When a chart is drawn again: after a change, at most once a second, and not while it is hidden. Without a change there is no work.

export interface RedrawGate {
  /** The data changed. */
  readonly request: () => void;
  readonly setVisible: (visible: boolean) => void;
  readonly stop: () => void;
}

export const REDRAW_MS = 1000;

/** `now`: ms of any clock. */
export function createRedrawGate(draw: () => void, now: () => number = () => performance.now()): RedrawGate {
  let isVisible = true;
  let isDue = false;
  let lastMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    if (!isDue || !isVisible) return;
    isDue = false;
    lastMs = now();
    draw();
  };
  const plan = (): void => {
    if (!isDue || !isVisible || timer !== undefined) return;
    const waitMs = lastMs + REDRAW_MS - now();
    if (waitMs <= 0) run();
    else timer = setTimeout(run, waitMs);
  };
  return {
    request() {
      isDue = true;
      plan();
    },
    setVisible(visible) {
      isVisible = visible;
      plan();
    },
    stop() {
      clearTimeout(timer);
      isVisible = false;
    },
  };
}
