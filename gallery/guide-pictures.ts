// The pictures of docs/guide. `npm run gallery -- --guide` draws them in both languages; tests/web/screens.test.ts has the drawing.
import type { GalleryCase } from './gallery-case';

export const GUIDE_VIEWPORT = { width: 1120, height: 700 };
export const GUIDE_LANGUAGES = { en: 'en', 'zh-cn': 'zh-CN' } as const;

/** The name of the file of a picture, and its case. */
export const GUIDE_PICTURES = {
  'first-start': { situation: 'first_run_ollama', page: 'setup', opening: null },
  'six-digits': { situation: 'nearby', page: 'pool', opening: 'nearby-comparing' },
  'this-computer': { situation: 'contributor_available', page: 'computer', opening: null },
  invitation: { situation: 'ready', page: 'members', opening: 'members-invited' },
  nodes: { situation: 'ready', page: 'nodes', opening: null },
  'try-it': { situation: 'ready', page: 'try', opening: 'try-answer' },
  'connect-programs': { situation: 'ready', page: 'connect', opening: null },
} as const satisfies Readonly<Record<string, GalleryCase>>;
