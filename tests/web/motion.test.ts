// Reduced motion, in a real Chromium with the gallery: nothing moves while an answer streams, and when a dialog opens.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GalleryCase, nameOf } from '../../gallery/gallery-case';
import { launchChromium } from '../support/dashboard';
import { type GallerySite, serveGallery, visitGallery } from '../support/gallery-site';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const CASES: readonly GalleryCase[] = [
  { situation: 'ready', page: 'try', opening: 'try-streaming' },
  { situation: 'ready', page: 'nodes', opening: 'node-drain' },
];

describe.skipIf(missing !== undefined)('motion', () => {
  let site: GallerySite;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([serveGallery('production'), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Of each case, how many elements have an animation, or a transition over 1 ms. */
  async function movingParts(reducedMotion: 'reduce' | 'no-preference'): Promise<Record<string, number>> {
    const visit = await visitGallery(browser, site, { viewport: { width: 1440, height: 900 } });
    await visit.page.emulateMedia({ reducedMotion });
    const counts: Record<string, number> = {};
    for (const shown of CASES) {
      await visit.show(shown, { language: 'en', theme: 'light' });
      counts[nameOf(shown)] = await visit.page.evaluate(() => {
        const styles = [...document.querySelectorAll('*')].flatMap((part) =>
          [null, '::before', '::after'].map((pseudo) => getComputedStyle(part, pseudo)),
        );
        const moving = styles.filter(
          ({ animationName, transitionDuration }) =>
            animationName !== 'none' || transitionDuration.split(',').some((duration) => Number.parseFloat(duration) > 0.001),
        );
        // Scripts can start animations that no style names.
        return moving.length + document.getAnimations().length;
      });
    }
    expect(visit.takeProblems()).toEqual([]);
    await visit.close();
    return counts;
  }

  test('reduced motion: no animation and no transition; without the preference each of these pages has some', async () => {
    expect(await movingParts('reduce')).toEqual(Object.fromEntries(CASES.map((shown) => [nameOf(shown), 0])));
    expect(Object.entries(await movingParts('no-preference')).filter(([, count]) => count === 0)).toEqual([]);
  });
});
