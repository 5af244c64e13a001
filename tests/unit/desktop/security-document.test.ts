// Checks docs/security.md: every test that it names exists, and every point of Electron's checklist has a test.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../scripts/paths.mjs';

const text = readFileSync(path.join(projectRoot, 'docs', 'security.md'), 'utf8');
const rows = text.split('\n').filter((line) => /^\| \d+ \|/.test(line));

/** File and title of every test that the page names. */
const named = [...text.matchAll(/`(tests\/[\w/.-]+)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file = '', titles = '']) =>
  [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => [file, title] as const),
);

test('security.md: lists the 17 points, each with a test', () => {
  expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  expect(rows.filter((row) => !/`tests\/|\| the same \|/.test(row))).toEqual([]);
});

test('security.md: names tests', () => {
  expect(named.length).toBeGreaterThan(15);
});

test.each(named)('%s has "%s"', (file, title) => {
  expect(readFileSync(path.join(projectRoot, file), 'utf8')).toContain(title);
});
