// A program without changes behind the built renderer in a real browser: it shows the state that a test gives it.
import type { Page } from 'playwright-core';
import type { AppSnapshot } from '../../src/shared/api/app-state';

/** Given to the page before the renderer, so that the test can change the state without a reload. */
interface StandingStill {
  show(state: AppSnapshot): void;
}

/** Shows this page of a state, and waits until it is drawn. */
export async function showState(page: Page, shown: AppSnapshot, pageId: string): Promise<void> {
  await page.evaluate(
    ([state, hash]) => {
      (window as unknown as { still: StandingStill }).still.show(JSON.parse(state) as AppSnapshot);
      location.hash = hash;
    },
    [JSON.stringify(shown), `#/${pageId}`] as const,
  );
  await page.locator(`nav a[href="#/${pageId}"][aria-current="page"]`).waitFor();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Runs in the page before the renderer, from its source text: a bridge like that of the preload. */
export function standStill({ state: first, answers }: { state: AppSnapshot; answers: Record<string, unknown> }): void {
  let send: (event: unknown) => void = () => undefined;
  const show = (state: AppSnapshot): void => {
    send({ type: 'snapshot', state });
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
      send({ type: 'agent', agent: { ...state.agent, hardware: { ...hardware, gpus, read_at: readAt - step * 3000 } } });
    }
    send({ type: 'snapshot', state });
  };
  const muster = {
    call: (name: string, params: { job_id?: string }) =>
      Promise.resolve(answers[`${name} ${String(params.job_id)}`] ?? answers[name] ?? { ok: true, value: {} }),
    subscribe(listener: { onConnection(state: string): void; onEvents(events: readonly unknown[]): void }) {
      send = (event) => listener.onEvents([event]);
      listener.onConnection('open');
      show(first);
      return () => undefined;
    },
  };
  Object.defineProperty(window, 'muster', { value: muster });
  Object.defineProperty(window, 'still', { value: { show } });
}
