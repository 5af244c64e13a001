// The pictures of docs/guide. `npm run gallery -- --guide` draws them in both languages; tests/web/screens.test.ts has the drawing.
import type { GalleryCase } from './gallery-case';

export interface GuidePicture {
  readonly shown: GalleryCase;
  readonly height: number;
}

export const GUIDE_WIDTH = 1120;
export const GUIDE_LANGUAGES = { en: 'en', 'zh-cn': 'zh-CN' } as const;

/** By the name of the file. */
export const GUIDE_PICTURES: Readonly<Record<string, GuidePicture>> = {
  'first-start': { shown: { situation: 'first_run_ollama', page: 'setup', opening: null }, height: 700 },
  'six-digits': { shown: { situation: 'nearby', page: 'pool', opening: 'nearby-comparing' }, height: 560 },
  'this-computer': { shown: { situation: 'contributor_available', page: 'computer', opening: null }, height: 664 },
  invitation: { shown: { situation: 'ready', page: 'members', opening: 'members-invited' }, height: 640 },
  nodes: { shown: { situation: 'mixed_pool', page: 'nodes', opening: null }, height: 480 },
  'try-it': { shown: { situation: 'ready', page: 'try', opening: 'try-answer' }, height: 700 },
  'connect-programs': { shown: { situation: 'ready', page: 'connect', opening: null }, height: 740 },
};
