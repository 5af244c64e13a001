// The guide in the packages: every link and every picture of its pages exists.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GUIDE_LANGUAGES, hrefOf, writeGuide } from '../../../../scripts/packages/guide-files.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-guide-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['host.md', 'host.html'],
  ['https://nodejs.org', 'https://nodejs.org'],
  ['../../openai.md#errors', null],
  ['other.md', null],
  ['javascript:alert(1)', null],
])('link %s -> %s', (href, expected) => {
  expect(hrefOf(href, ['host', 'developer'])).toBe(expected);
});

test.each(Object.keys(GUIDE_LANGUAGES))('pages in %s: an index with all pages; no link and no picture is missing', (language) => {
  writeGuide(folder, '1.2.3');
  const of = path.join(folder, language);
  const pages = readdirSync(of).filter((file) => file !== 'index.html');
  expect(pages).toEqual(expect.arrayContaining(['contributor.html', 'host.html', 'developer.html', 'troubleshooting.html']));
  const textOf = (file: string): string => readFileSync(path.join(of, file), 'utf8');
  expect(targetsIn(textOf('index.html')).toSorted()).toEqual(pages.toSorted());
  const missing = pages.flatMap((file) =>
    targetsIn(textOf(file))
      .filter((target) => !target.startsWith('https://') && !existsSync(path.join(of, target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(missing).toEqual([]);
  expect(textOf('host.html')).toContain('<footer>Muster 1.2.3</footer>');
});

const targetsIn = (html: string): readonly string[] => [...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, target = '']) => target);
