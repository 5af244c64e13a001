// The violations that axe finds on a page, of the impacts that fail a suite: `moderate`, `serious` and `critical`; and small buttons.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

let source: Promise<string> | undefined;

/** Each violation with the first element that has it. `rules`: only these; default: all. */
export async function seriousViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await source);
  return page.evaluate(async (only) => {
    interface Violation {
      readonly id: string;
      readonly impact: string | null;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    interface Axe {
      run(options: object): Promise<{ readonly violations: readonly Violation[] }>;
    }
    const options = {
      resultTypes: ['violations'],
      // The rules need no style sheets of their own, and the program of an offline page cannot send them.
      preload: false,
      // Off by default: targets of 24 px, or with as much space around them.
      ...(only === undefined ? { rules: { 'target-size': { enabled: true } } } : { runOnly: { type: 'rule', values: only } }),
    };
    const { violations } = await (window as unknown as { axe: Axe }).axe.run(options);
    return violations
      .filter(({ impact }) => impact !== 'minor')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
  }, rules);
}

/** The drawn buttons that are smaller than a finger: 44 px. */
export const smallButtons = (page: Page): Promise<string[]> =>
  page.getByRole('button').evaluateAll((buttons) =>
    buttons.flatMap((button) => {
      const { width, height } = button.getBoundingClientRect();
      const isSmall = width > 0 && height > 0 && Math.min(width, height) < 43.5;
      return isSmall ? [`${String(width)} x ${String(height)}: ${button.outerHTML.slice(0, 200)}`] : [];
    }),
  );

/** Links and other targets below 24 px. */
export const smallTargets = (page: Page): Promise<string[]> => seriousViolations(page, ['target-size']);

/** Links that a finger misses: lower than 44 px with their padding. A link within a sentence has the height of its line. */
export const lowLinks = (page: Page): Promise<string[]> =>
  page.locator('a[href]').evaluateAll((links) =>
    links.flatMap((link) => {
      const { width, height, bottom } = link.getBoundingClientRect();
      const target = Math.max(height, parseFloat(getComputedStyle(link, '::after').height) || 0);
      if (width <= 1 || height <= 1 || bottom <= 0 || target >= 43.5) return [];
      let block = link.parentElement;
      while (block !== null && getComputedStyle(block).display === 'inline') block = block.parentElement;
      const isInSentence = getComputedStyle(link).display === 'inline' && block?.textContent.trim() !== link.textContent.trim();
      return isInSentence ? [] : [`${String(height)} px: ${link.outerHTML.slice(0, 200)}`];
    }),
  );
