// Measures the renderer in a page of a real Chromium or Electron: the processor time of its process, and the time from an input
// event to the first painted frame that shows its effect.
import type { Page } from 'playwright-core';

export interface Latencies {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly maxMs: number;
}

/** An element that the effect of an interaction adds; `text`: with this text. */
export interface Effect {
  readonly selector: string;
  readonly text?: string;
}

export interface Interaction {
  readonly effect: Effect;
  /** Causes one input event. */
  readonly act: () => Promise<void>;
}

/** The share of one core, in percent. `cpuSeconds`: the processor time of the renderer's process so far. */
export async function cpuPercent(cpuSeconds: () => Promise<number>, durationMs: number): Promise<number> {
  const cpuBefore = await cpuSeconds();
  const startMonotonicMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  return (((await cpuSeconds()) - cpuBefore) * 100_000) / (performance.now() - startMonotonicMs);
}

export async function latencies(page: Page, interactions: AsyncIterable<Interaction>): Promise<Latencies> {
  const samples: number[] = [];
  for await (const { effect, act } of interactions) {
    const sample = page.evaluate(waitForEffect, effect);
    await page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
    await act();
    samples.push(await sample);
  }
  samples.sort((one, other) => one - other);
  const at = (share: number): number => samples[Math.floor(share * samples.length)] ?? NaN;
  return { p50Ms: at(0.5), p90Ms: at(0.9), maxMs: samples.at(-1) ?? NaN };
}

/** Runs in the page: from the next input event to the end of the frame that shows the effect. */
function waitForEffect({ selector, text }: Effect): Promise<number> {
  return new Promise((resolve, reject) => {
    let startedAtMonotonicMs: number | null = null;
    const start = (event: Event): void => {
      startedAtMonotonicMs ??= event.timeStamp;
    };
    for (const type of ['click', 'keydown']) addEventListener(type, start, { capture: true, once: true });
    const giveUpAtMonotonicMs = performance.now() + 20_000;
    const isShown = (): boolean =>
      [...document.querySelectorAll(selector)].some((element) => text === undefined || element.textContent.includes(text));
    const check = (): void => {
      const from = startedAtMonotonicMs;
      // A task that is queued before the paint of this frame runs after it.
      if (from !== null && isShown()) setTimeout(() => resolve(performance.now() - from));
      else if (performance.now() > giveUpAtMonotonicMs) reject(new Error(`not shown within 20 s: ${selector} ${text ?? ''}`));
      else requestAnimationFrame(check);
    };
    requestAnimationFrame(check);
  });
}
