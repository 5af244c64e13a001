// Uses the page as a user does: presses a button, fills a field. Each action waits until its element exists.
import type { i18n } from 'i18next';

const WAIT_LIMIT_MS = 10_000;

export interface User {
  /**
   * @param key of the text of the button
   * @param values in the text
   */
  press(key: string, values?: Readonly<Record<string, string>>): Promise<void>;
  /** @param key of the label of a button without a text */
  pressLabelled(key: string, values?: Readonly<Record<string, string>>): Promise<void>;
  /** @param key of the label of the field */
  fill(key: string, text: string): Promise<void>;
}

export const userOf = (i18n: i18n): User => ({
  async press(key, values = {}) {
    (await elementWith('button', i18n.t(key, values))).click();
  },
  async pressLabelled(key, values = {}) {
    const label = i18n.t(key, values);
    const selector = `button[aria-label="${CSS.escape(label)}"]`;
    (await until(`a button labelled "${label}"`, () => document.querySelector<HTMLElement>(selector))).click();
  },
  async fill(key, text) {
    const label = await elementWith('label', i18n.t(key));
    const field = document.querySelector<HTMLInputElement>(`#${CSS.escape(label.getAttribute('for') ?? '')}`);
    if (field === null) throw new Error(`The label "${key}" has no field.`);
    // React replaces the setter of the element, so the value must be set with the setter of its class.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await frames();
  },
});

const elementWith = (tag: string, text: string): Promise<HTMLElement> =>
  until(`a ${tag} with the text "${text}"`, () =>
    [...document.querySelectorAll<HTMLElement>(tag)].find((element) => element.textContent === text),
  );

/** @param what names the missing element in the error */
export async function until<Found>(what: string, find: () => Found | null | undefined): Promise<Found> {
  const deadlineMonotonicMs = performance.now() + WAIT_LIMIT_MS;
  for (;;) {
    const found = find();
    if (found !== null && found !== undefined) return found;
    if (performance.now() > deadlineMonotonicMs) throw new Error(`The page did not show ${what} within ${String(WAIT_LIMIT_MS)} ms.`);
    await frames(1);
  }
}

/** Waits for animation frames. After two frames the browser has drawn the page as React has rendered it. */
export async function frames(count = 2): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((drawn) => requestAnimationFrame(drawn));
}
