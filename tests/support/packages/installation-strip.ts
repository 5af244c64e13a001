// The film strip of an installation: pictures of the whole screen, with what happened before each of them. There is no stopwatch for the
// person here: all times are those of the machine.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Diary } from '../../../gallery/diaries';
import { emptyStripFolder, type Step } from '../film-strip';
import { filmStripPage } from '../film-strip-page';

const RULE = 'Times are those of the machine. The pictures show the whole screen.';

export class InstallationStrip {
  readonly #diary: Diary;
  readonly #folder: string;
  readonly #steps: Step[] = [];
  #acts: string[] = [];
  #sinceMonotonicMs = performance.now();

  constructor(diary: Diary) {
    this.#diary = diary;
    this.#folder = emptyStripFolder(diary);
  }

  /** What happens before the next picture. */
  note(text: string): void {
    this.#acts.push(text);
  }

  step(title: string, png: Buffer): void {
    const slug = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const picture = `${String(this.#steps.length + 1).padStart(2, '0')}-${slug}.png`;
    writeFileSync(path.join(this.#folder, picture), png);
    const nowMonotonicMs = performance.now();
    const acts = this.#acts.map((text) => ({ text, humanMs: 0 }));
    this.#steps.push({ title, picture, acts, machineMs: nowMonotonicMs - this.#sinceMonotonicMs, humanMs: 0 });
    [this.#acts, this.#sinceMonotonicMs] = [[], nowMonotonicMs];
  }

  /** Writes the strip. Returns the titles of its pictures. */
  end(): readonly string[] {
    writeFileSync(path.join(this.#folder, 'index.html'), filmStripPage(this.#diary, this.#steps, RULE));
    return this.#steps.map(({ title }) => title);
  }
}
