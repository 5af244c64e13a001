// The desktop app in a real Electron, by the keyboard alone: the owner pauses and shares again, asks a model, and makes a key. Focus is always on
// something that can be seen, and returns to the button that opened a dialog.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { flowConfig } from '../support/flow-pool';
import { requireDesktop } from '../support/requirements';
import { openOllama } from '../support/stand-ins/ollama';
import type { StandIn } from '../support/stand-ins/stand-in';

const { missing } = requireDesktop();
/** More than any page has stops. */
const MOST_STOPS = 80;

let lab: DesktopLab;
let ollama: StandIn;
let app: DesktopApp;
let page: Page;

beforeEach(async () => {
  lab = new DesktopLab();
  ollama = await openOllama({ loaded: true });
  lab.configure(flowConfig(ollama));
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await app.screenshot(`keyboard-${task.name.slice(0, 12).replaceAll(/\W/g, '-')}`).catch(() => undefined);
  await lab.close();
  await ollama.close();
});

/** What has the focus: its name, and whether it shows the focus inside the window. */
const focused = (): Promise<{ readonly name: string; readonly isShown: boolean }> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (element === null || element === document.body) return { name: '', isShown: true };
    const { bottom, right, top, left } = element.getBoundingClientRect();
    const isInside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    return {
      name: (element.ariaLabel ?? element.innerText).trim().replaceAll(/\s+/g, ' '),
      isShown: isInside && element.matches(':focus-visible'),
    };
  });

/** Presses Tab until the element with this name has the focus. */
async function tabTo(name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press(key);
    const now = await focused();
    expect(now, `focus after ${passed.join(', ')}`).toMatchObject({ isShown: true });
    if (now.name === name) return;
    passed.push(now.name);
  }
  throw new Error(`no stop with the name ${name}: ${passed.join(', ')}`);
}

async function go(title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await page.keyboard.type(title);
  await page.getByRole('dialog').getByRole('option').first().filter({ hasText: title }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

test.skipIf(missing)('by the keyboard alone: pause for an hour and share; ask a model; make a key', async () => {
  app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  ({ page } = app);
  await app.waitForHero('Available');

  await tabTo('Pause');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: /1 hour/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await app.hero().filter({ hasText: 'Paused' }).waitFor();
  // The menu gives the focus back when it has closed.
  await expect.poll(focused).toEqual({ name: 'Pause', isShown: true });
  await tabTo('Share', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await app.hero().filter({ hasText: 'Available' }).waitFor();

  await go('Try it');
  await tabTo('Message');
  await page.keyboard.type('Are you there?');
  await page.keyboard.press('Enter');
  await page.getByRole('article').last().getByText('The node is ready.').waitFor();

  await go('Members');
  await tabTo('New key for a program…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the program or person').waitFor();
  await page.keyboard.type('open-webui');
  await page.keyboard.press('Enter');
  await dialog.getByText('The key is shown only now.').waitFor();
  await tabTo('Done');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  expect(await focused()).toEqual({ name: 'New key for a program…', isShown: true });

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor({ state: 'hidden' });
  expect(await app.quit()).toBe(0);
});
