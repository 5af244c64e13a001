// From a phone to a 4K screen, in a real Chromium with the gallery: on a phone the rows of lists are cards; wide windows are used.
import { join, resolve } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GalleryCase, type Look, nameOf, pageCase } from '../../gallery/gallery-case';
import { launchChromium } from '../support/dashboard';
import { type GallerySite, serveGallery, visitGallery } from '../support/gallery-site';
import { requireChromium } from '../support/requirements';

const { missing } = requireChromium();
const PICTURES = resolve(import.meta.dirname, '../../artifacts/gallery/sizes');
const ENGLISH: Look = { language: 'en', theme: 'light' };
const CHINESE: Look = { language: 'zh-CN', theme: 'dark' };

/** A row, and the parts that a card has below each other. */
const TABLE = { row: 'main tbody tr:not(:has(th))', parts: ':scope > td' };
const LISTS = [
  { shown: pageCase('mixed_pool', 'nodes'), row: 'main article', parts: ':scope > *' },
  { shown: pageCase('ready', 'jobs'), row: 'main section li', parts: ':scope > a > *' },
  { shown: pageCase('measured', 'models'), ...TABLE },
  { shown: pageCase('ready', 'members'), ...TABLE },
  { shown: pageCase('ready', 'usage'), ...TABLE },
  { shown: pageCase('ready', 'logs'), ...TABLE },
] as const;

/** The rows or cards that reach the right edge. */
const WIDE_LISTS = [
  { shown: pageCase('mixed_pool', 'nodes'), list: 'main tbody tr' },
  { shown: pageCase('mixed_pool', 'pool'), list: 'main section' },
  { shown: pageCase('ready', 'jobs'), list: 'main section li' },
] as const;
/** Pages with sentences. */
const TEXTS: readonly GalleryCase[] = [
  pageCase('ready', 'computer'),
  pageCase('ready', 'settings'),
  { situation: 'ready', page: 'try', opening: 'try-answer' },
];
/** The padding of a page, and a scroll bar. */
const EDGE_PX = 40;
/** About 120 characters of 13 px. */
const MAX_LINE_PX = 760;

describe.skipIf(missing !== undefined)('sizes', () => {
  let site: GallerySite;
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    [site, browser] = await Promise.all([serveGallery('production'), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each([
    { width: 400, look: ENGLISH },
    { width: 360, look: CHINESE },
  ])('each list at $width px in $look.language: a row is a card, nothing scrolls sideways, no broken name', async ({ width, look }) => {
    const visit = await visitGallery(browser, site, { viewport: { width, height: 1200 } });
    const found: unknown[] = [];
    for (const { shown, row, parts } of LISTS) {
      await visit.show(shown, look);
      await visit.picture(join(PICTURES, `${nameOf(shown)}-${look.language}-${String(width)}.png`));
      const main = visit.page.getByRole('main');
      const overflow = await main.or(main.getByRole('region')).evaluateAll((all) =>
        Math.max(
          ...all
            // A region that shows what leaves it has no scroll bar: then the page has one.
            .filter((part) => part.matches('main') || getComputedStyle(part).overflowX !== 'visible')
            .map((part) => part.scrollWidth - part.clientWidth),
        ),
      );
      const names = main.getByRole('link', { name: /^Details of |的详情$/ });
      const broken = await names.evaluateAll((links) => links.filter((link) => link.getClientRects().length > 1).length);
      const rows = await visit.page.locator(row).evaluateAll((all, path) => {
        return all.flatMap((one) => {
          const boxes = [...one.querySelectorAll(path)]
            .map((part) => ({ display: getComputedStyle(part).display, box: part.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0);
          if (boxes.length === 0) return [];
          return {
            displays: [getComputedStyle(one).display, ...boxes.map(({ display }) => display)],
            isWrapped: boxes.some(({ box }) => boxes.some((other) => other.box.top >= box.bottom)),
            right: Math.max(...boxes.map(({ box }) => box.right)),
          };
        });
      }, parts);
      const inColumns = rows.filter(
        ({ displays, isWrapped, right }) => !isWrapped || right > width || displays.some((name) => name.startsWith('table')),
      );
      if (rows.length < 3 || inColumns.length > 0 || overflow > 0 || broken > 0) {
        found.push({ page: shown.page, look, rows: rows.length, inColumns, overflow, broken });
      }
    }
    await visit.close();
    expect(found).toEqual([]);
  });

  test('3840 px: lists and cards reach the right edge, lines of text stay readable, nothing overflows', async () => {
    const viewport = { width: 3840, height: 2160 };
    const visit = await visitGallery(browser, site, { viewport });
    const overflows = () => visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const found: unknown[] = [];
    for (const { shown, list } of WIDE_LISTS) {
      await visit.show(shown, ENGLISH);
      await visit.picture(join(PICTURES, `${nameOf(shown)}-${String(viewport.width)}.png`));
      const rights = await visit.page.locator(list).evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().right));
      const unused = viewport.width - Math.max(0, ...rights);
      const overflow = await overflows();
      if (unused > EDGE_PX || overflow > 0) found.push({ page: shown.page, unused, overflow });
    }
    for (const shown of TEXTS) {
      await visit.show(shown, ENGLISH);
      const lines = await visit.page.getByRole('main').evaluate((main) => {
        const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
        const widths: { readonly text: string; readonly width: number }[] = [];
        while (texts.nextNode() !== null) {
          const range = document.createRange();
          range.selectNodeContents(texts.currentNode);
          const text = texts.currentNode.textContent ?? '';
          for (const { width } of range.getClientRects()) widths.push({ text, width });
        }
        return widths;
      });
      const long = lines.filter(({ width }) => width > MAX_LINE_PX);
      const overflow = await overflows();
      if (lines.length === 0 || long.length > 0 || overflow > 0) found.push({ page: shown.page, long, overflow });
    }
    await visit.close();
    expect(found).toEqual([]);
  });
});
