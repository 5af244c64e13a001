// A diary: what a person does in real windows, with a stopwatch and a picture of each step, kept as a film strip in
// artifacts/gallery/diaries/<name>. The person selects by what is on the screen: roles and visible text.
//
// The test waits as long as a person would take: to look over each new screen, to read the texts that the step names, to decide before a
// click, to click and to type (the keystroke-level model). So the stopwatch shows what a person would see, and the machine works while the
// person reads. Human time is the sum of these waits. Machine time is the rest: what the person waits for, with the overhead of the test.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Diary } from '../../gallery/diaries';
import { projectRoot } from '../../scripts/paths.mjs';
import { filmStripPage } from './film-strip-page';

/** To find the target and click it. */
const CLICK_MS = 1200;
const SCROLL_MS = 1000;
/** To look over a new screen, before its texts are read. */
const LOOK_MS = 1500;
/** To decide what comes next. */
const THINK_MS = 1350;
const CHARACTERS_PER_MINUTE = 280;
const WORDS_PER_MINUTE = 240;
const MINUTE_MS = 60_000;
const HUMAN_RULE =
  `Human time: ${String(LOOK_MS)} ms to look over a new screen, ${String(WORDS_PER_MINUTE)} words read per minute, ` +
  `${String(THINK_MS)} ms to decide before a click, ${String(CLICK_MS)} ms to click, ${String(SCROLL_MS)} ms to scroll, ` +
  `${String(CHARACTERS_PER_MINUTE)} characters typed per minute. ` +
  'Machine time: what the person waits for, with the overhead of the test. The machine works while the person reads.';
const SEEN_LIMIT_MS = 20_000;

/** What the person did, and its estimated time. */
export interface Act {
  readonly text: string;
  readonly humanMs: number;
}

export interface Elsewhere {
  readonly clicks?: number;
  /** Characters. */
  readonly typed?: number;
  readonly words?: number;
  /** For a program. */
  readonly waitMs?: number;
}

export interface Step {
  readonly title: string;
  /** The file of the picture. */
  readonly picture: string;
  readonly acts: readonly Act[];
  readonly machineMs: number;
  readonly humanMs: number;
}

/** Walks the diary. Returns its seconds. The strip of a diary that failed is kept, too. */
export async function walk(diary: Diary, steps: (strip: FilmStrip) => Promise<void>): Promise<number> {
  const strip = new FilmStrip(diary);
  await steps(strip).catch((error: unknown) => {
    strip.end();
    throw error;
  });
  return strip.end();
}

/** The folder of a strip, empty. Returns its path. */
export function emptyStripFolder({ name }: Diary): string {
  const folder = path.join(projectRoot, 'artifacts', 'gallery', 'diaries', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

export class FilmStrip {
  readonly #folder: string;
  readonly #diary: Diary;
  readonly #steps: Step[] = [];
  #acts: Act[] = [];
  #sinceMonotonicMs = performance.now();

  /** Starts the stopwatch. */
  constructor(diary: Diary) {
    this.#diary = diary;
    this.#folder = emptyStripFolder(diary);
  }

  async click(target: Locator): Promise<void> {
    const name = await nameOf(target);
    await this.#scrollTo(target);
    await this.#take(`clicks "${name}"`, THINK_MS + CLICK_MS);
    await target.click({ timeout: SEEN_LIMIT_MS });
  }

  async type(target: Locator, text: string): Promise<void> {
    await target.pressSequentially(text);
    await this.#take(`types "${text}"`, (text.length * MINUTE_MS) / CHARACTERS_PER_MINUTE);
  }

  /** Reads all the text of these parts, once. */
  async read(...parts: readonly Locator[]): Promise<void> {
    for (const part of parts) {
      const words = wordsOf(await part.innerText({ timeout: SEEN_LIMIT_MS }));
      await this.#take(
        `reads ${String(words.length)} words: "${words.slice(0, 6).join(' ')}${words.length > 6 ? ' …' : ''}"`,
        readMs(words.length),
      );
    }
  }

  /** Outside the windows of Muster, such as in a chat or in a terminal. */
  async elsewhere(text: string, { clicks = 0, typed = 0, words = 0, waitMs = 0 }: Elsewhere): Promise<void> {
    await this.#take(text, clicks * (THINK_MS + CLICK_MS) + (typed * MINUTE_MS) / CHARACTERS_PER_MINUTE + readMs(words) + waitMs);
  }

  /** Ends a step: waits until the person sees `seen`, and takes the picture. */
  async step(title: string, page: Page, seen: Locator): Promise<void> {
    await seen
      .first()
      .waitFor({ timeout: SEEN_LIMIT_MS })
      .catch(async (error: unknown) => {
        await page.screenshot({ path: path.join(this.#folder, 'failed.png') });
        throw error;
      });
    await this.#scrollTo(seen.first());
    // Two scrollbars beside each other: a part of the page is outside of its frame.
    if (await page.evaluate(() => document.documentElement.scrollHeight > innerHeight)) throw new Error(`${title}: the window scrolls`);
    const slug = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const picture = `${String(this.#steps.length + 1).padStart(2, '0')}-${slug}.png`;
    await page.screenshot({ path: path.join(this.#folder, picture), animations: 'disabled' });
    const nowMonotonicMs = performance.now();
    const humanMs = this.#acts.reduce((sum, act) => sum + act.humanMs, 0);
    const machineMs = Math.max(0, nowMonotonicMs - this.#sinceMonotonicMs - humanMs);
    this.#steps.push({ title, picture, acts: this.#acts, machineMs, humanMs });
    [this.#acts, this.#sinceMonotonicMs] = [[], nowMonotonicMs];
  }

  /** Looks over the screen that has just appeared. */
  async look(): Promise<void> {
    await this.#take('looks over the screen', LOOK_MS);
  }

  /** Writes the strip. Returns the seconds until the last step. */
  end(): number {
    writeFileSync(path.join(this.#folder, 'index.html'), filmStripPage(this.#diary, this.#steps, HUMAN_RULE));
    const [machineMs, humanMs] = (['machineMs', 'humanMs'] as const).map((time) => this.#steps.reduce((sum, step) => sum + step[time], 0));
    const total = Math.round(((machineMs ?? 0) + (humanMs ?? 0)) / 100) / 10;
    const parts = [`machine ${seconds(machineMs ?? 0)}`, `human ${seconds(humanMs ?? 0)}`].join(', ');
    process.stdout.write(`${this.#diary.name}: ${String(total)} s of ${String(this.#diary.limitSeconds)} s (${parts})\n`);
    return total;
  }

  /** A part that is not in the window costs the time to find it. */
  async #scrollTo(target: Locator): Promise<void> {
    const isInView = await target.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
    if (isInView) return;
    await target.scrollIntoViewIfNeeded();
    await this.#take(`scrolls to "${await nameOf(target)}"`, THINK_MS + SCROLL_MS);
  }

  /** Waits as long as the person takes. */
  async #take(text: string, humanMs: number): Promise<void> {
    this.#acts.push({ text, humanMs });
    await new Promise((passed) => setTimeout(passed, humanMs));
  }
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const readMs = (words: number): number => (words * MINUTE_MS) / WORDS_PER_MINUTE;
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));

async function nameOf(target: Locator): Promise<string> {
  const name = await target.evaluate((element) => element.getAttribute('aria-label') ?? element.textContent, undefined, {
    timeout: SEEN_LIMIT_MS,
  });
  return (name ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 60);
}
