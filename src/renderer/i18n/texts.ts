// The texts of the screens. A window loads the texts of its language only, in two files, because all texts are a fifth of the code that is
// needed before something is shown:
// - The first texts: those of the frame and of the two pages that the state of the program can choose. The frame waits for them.
// - The later texts: those of all other parts. Each such part is loaded together with them (`withTexts` in shell/late-parts.ts).
// A test compares the keys that the first parts use with the keys of the later texts.
import type { FirstTexts } from './en/en-first';
import type { LaterTexts } from './en/en-later';
import type { Catalogue } from './en/index';
import type { Language } from './format';

interface Files {
  readonly first: () => Promise<FirstTexts>;
  readonly later: () => Promise<LaterTexts>;
}

const FILES: Readonly<Record<Language, Files>> = {
  en: {
    first: async () => (await import('./en/en-first')).firstEn,
    later: async () => (await import('./en/en-later')).laterEn,
  },
  'zh-CN': {
    first: async () => (await import('./zh-cn/zh-cn-first')).firstZhCn,
    later: async () => (await import('./zh-cn/zh-cn-later')).laterZhCn,
  },
};

type Texts = Partial<Catalogue>;
type Listener = (language: Language, texts: Texts) => void;

const languages = new Set<Language>();
let isLaterWanted = false;
const loaded = new Map<Language, Texts>();
const listeners = new Set<Listener>();

/** Loads the first texts of the language, and its later texts when a part has needed them. */
export async function loadTexts(language: Language): Promise<void> {
  languages.add(language);
  await Promise.all([load(language, 'first'), ...(isLaterWanted ? [load(language, 'later')] : [])]);
}

/** Loads the later texts of every language that was loaded, and from then on with each language. */
export async function loadLaterTexts(): Promise<void> {
  isLaterWanted = true;
  await Promise.all([...languages].map((language) => load(language, 'later')));
}

async function load(language: Language, part: keyof Files): Promise<void> {
  const texts = await FILES[language][part]();
  loaded.set(language, { ...loaded.get(language), ...texts });
  for (const listener of listeners) listener(language, texts);
}

/** What is loaded of the language. Undefined: nothing. */
export const textsIn = (language: Language): Texts | undefined => loaded.get(language);

/** Calls the listener with texts that are loaded from now on, as long as the window lives. */
export function onTexts(listener: Listener): void {
  listeners.add(listener);
}

type TextGroup = { [Name in keyof Catalogue]: Catalogue[Name] extends object ? Name : never }[keyof Catalogue];

/** Whether a group has a text. All languages have the same keys. */
export const hasText = (group: TextGroup, name: string): boolean =>
  [...loaded.values()].some((texts) => Object.hasOwn(texts[group] ?? {}, name));
