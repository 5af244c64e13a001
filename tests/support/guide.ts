// The pages of docs/guide: their code blocks, pictures and the names of texts on the screen.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/paths.mjs';

export const GUIDE = path.join(projectRoot, 'docs', 'guide');
/** In the order in which their commands run. */
export const GUIDE_PAGES = ['host', 'contributor', 'developer', 'troubleshooting'] as const;
export type GuidePage = (typeof GUIDE_PAGES)[number];
export type GuideFolder = 'en' | 'zh-cn';

export interface GuideBlock {
  readonly page: GuidePage;
  /** As after the fence, such as `sh` or `sh not-tested`. */
  readonly kind: string;
  readonly text: string;
}

export const guideText = (folder: GuideFolder, page: GuidePage): string => readFileSync(path.join(GUIDE, folder, `${page}.md`), 'utf8');

const BLOCK = /^( *)```(\w.*)\n([^]*?)^\1```$/gm;

/** Without the indent of the list that a block is in. */
export const guideBlocks = (folder: GuideFolder, page: GuidePage): GuideBlock[] =>
  [...guideText(folder, page).matchAll(BLOCK)].map(([, indent = '', kind = '', text = '']) => ({
    page,
    kind,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trimEnd(),
  }));

/** The bold texts, on one line each. A line that is broken inside a Chinese text has no space there. */
export const namedTexts = (folder: GuideFolder, page: GuidePage): string[] =>
  [
    ...guideText(folder, page)
      .replace(BLOCK, '')
      .matchAll(/\*\*([^*]+)\*\*/g),
  ].map(([, text = '']) => text.replaceAll(/\s*\n\s*/g, ' '));
