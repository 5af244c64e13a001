// The guide for users: its pictures exist and have a case of the gallery, each text that it names is on the screen, and both languages
// have the same commands. tests/integration/guide.test.ts runs the commands.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CASES, nameOf } from '../../gallery/gallery-case';
import { GUIDE_PICTURES } from '../../gallery/guide-pictures';
import { en } from '../../src/renderer/i18n/en/index';
import { zhCn } from '../../src/renderer/i18n/zh-cn/index';
import { GUIDE, GUIDE_PAGES, guideBlocks, type GuideFolder, guideText, namedTexts } from '../support/guide';

const FOLDERS: readonly GuideFolder[] = ['en', 'zh-cn'];
const MAX_PICTURE_BYTES = 150_000;

test('guide: every picture is a case of the gallery', () => {
  const names = new Set(CASES.map(nameOf));
  expect(
    Object.values(GUIDE_PICTURES)
      .map(({ shown }) => nameOf(shown))
      .filter((name) => !names.has(name)),
  ).toEqual([]);
});

test('guide: both languages have the same commands, outputs and programs', () => {
  for (const page of GUIDE_PAGES) expect(guideBlocks('zh-cn', page), page).toEqual(guideBlocks('en', page));
});

describe.each(FOLDERS)('guide in %s', (folder) => {
  test('pictures: those of the gallery, each used, at most 150 kB', () => {
    const expected = Object.keys(GUIDE_PICTURES).map((name) => `${name}.png`);
    const used = GUIDE_PAGES.flatMap((page) =>
      [...guideText(folder, page).matchAll(/!\[[^\]]+\]\(\.\.\/pictures\/([\w-]+)\/([\w.-]+)\)/g)].map(
        ([, of = '', file = '']) => `${of}/${file}`,
      ),
    );
    const pictures = path.join(GUIDE, 'pictures', folder);
    expect(readdirSync(pictures).toSorted()).toEqual(expected.toSorted());
    expect(used.toSorted()).toEqual(expected.map((file) => `${folder}/${file}`).toSorted());
    expect(expected.filter((file) => statSync(path.join(pictures, file)).size > MAX_PICTURE_BYTES)).toEqual([]);
  });

  test('bold text: a text of the screen, or the beginning of a paragraph', () => {
    const shown = patternsOf(folder === 'en' ? en : zhCn);
    const missing = GUIDE_PAGES.flatMap((page) =>
      namedTexts(folder, page)
        .filter((text) => !/^[^:]+[.。]$/.test(text) || page === 'troubleshooting')
        .filter((text) => !shown.some((pattern) => pattern.test(text)))
        .map((text) => `${page}: ${text}`),
    );
    expect(missing).toEqual([]);
  });
});

/** Each text of a catalogue as a pattern: the guide writes `…` for a value. */
function patternsOf(catalogue: object): RegExp[] {
  return Object.values(catalogue).flatMap((value: unknown) => {
    if (typeof value === 'string') return [patternOf(value)];
    return typeof value === 'object' && value !== null ? patternsOf(value) : [];
  });
}

function patternOf(text: string): RegExp {
  const plain = text.replaceAll(/<\/?\w+>/g, '').replaceAll('\u00a0', ' ');
  const parts = plain.split(/\{\{\w+\}\}(?:\/\{\{\w+\}\})?/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${parts.join('…')}$`);
}
