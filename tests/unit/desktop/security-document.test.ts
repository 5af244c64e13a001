// docs/security.md: every test that the page names exists, and every point of Electron's checklist names one.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../scripts/paths.mjs';

const page = readFileSync(path.join(projectRoot, 'docs', 'security.md'), 'utf8');

/** The points of the numbered list, each to the next one or to the end of the list. */
const points = [...page.matchAll(/^(\d+)\. (?:.|\n(?!\d+\. |\n))*/gm)].map(([text, number]) => ({ number: Number(number), text }));

/** File and title of every test that a text names, with any line breaks. */
const testsIn = (text: string): (readonly [file: string, title: string])[] =>
  [...text.replace(/\s+/g, ' ').matchAll(/`(tests\/[\w/.-]+)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => [file, title] as const),
  );

const named = testsIn(page);

test("security.md: the seventeen points of Electron's checklist each name a test", () => {
  expect(points.map(({ number }) => number)).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  expect(points.filter(({ text }) => testsIn(text).length === 0)).toEqual([]);
});

test('security.md: names tests beyond the checklist', () => {
  expect(named.length).toBeGreaterThan(points.length);
});

test.each(named)('security.md: %s has "%s"', (file, title) => {
  expect(readFileSync(path.join(projectRoot, file), 'utf8')).toContain(title);
});
