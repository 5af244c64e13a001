// A program that stands still behind the built renderer in a real browser: it shows the state that a test gives it.
import type { Page } from 'playwright-core';
import type { AppSnapshot } from '../../src/shared/api/app-state';

/** What the page is given before the renderer, for the test to bring it into another state without loading it anew. */
interface StandingStill {
  show(state: AppSnapshot): void;
}

/** Brings the page to this room of a state, drawn. */
export async function showState(page: Page, shown: AppSnapshot, room: string): Promise<void> {
  await page.evaluate(
    ([state, hash]) => {
      (window as unknown as { still: StandingStill }).still.show(JSON.parse(state) as AppSnapshot);
      location.hash = hash;
    },
    [JSON.stringify(shown), `#/${room}`] as const,
  );
  await page.locator(`nav a[href="#/${room}"][aria-current="page"]`).waitFor();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Runs in the page before the renderer, from its text alone: a bridge as the preload makes it, to a program that stands still. */
export function standStill({ state: first, answers }: { state: AppSnapshot; answers: Record<string, unknown> }): void {
  let tell: (event: unknown) => void = () => undefined;
  const show = (state: AppSnapshot): void => {
    tell({ type: 'snapshot', state });
    // Five minutes of readings before the present one.
    const hardware = state.agent?.hardware;
    const readAt = hardware?.read_at;
    if (!state.agent || !hardware || !readAt) return;
    for (let step = 100; step > 0; step--) {
      const gpus = hardware.gpus.map((gpu) => {
        const use = gpu.utilization_percent;
        const swing = Math.round(24 * Math.sin(step / 7) + 9 * Math.sin(step * 2.3));
        const busy = use.known && use.value > 0 ? { known: true, value: Math.max(0, Math.min(100, use.value + swing)) } : use;
        return { ...gpu, utilization_percent: busy };
      });
      tell({ type: 'agent', agent: { ...state.agent, hardware: { ...hardware, gpus, read_at: readAt - step * 3000 } } });
    }
    tell({ type: 'snapshot', state });
  };
  const muster = {
    call: (name: string, params: { job_id?: string }) =>
      Promise.resolve(answers[`${name} ${String(params.job_id)}`] ?? answers[name] ?? { ok: true, value: {} }),
    subscribe(listener: { onConnection(state: string): void; onEvents(events: readonly unknown[]): void }) {
      tell = (event) => listener.onEvents([event]);
      listener.onConnection('open');
      show(first);
      return () => undefined;
    },
  };
  Object.defineProperty(window, 'muster', { value: muster });
  Object.defineProperty(window, 'still', { value: { show } });
}
