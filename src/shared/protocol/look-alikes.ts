// Names that a reader can mistake for another name. The skeleton of a name has one letter for all letters that look alike. The table is
// small: the letters that fonts draw alike in Latin, Cyrillic and Greek, and the digits that look like letters (after Unicode's UTS 39).

/** By the Latin letter, in lower case. Cyrillic letters come first, Greek ones after them. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аα',
  b: 'вβ',
  c: 'сϲ',
  d: 'ԁ',
  e: 'еεёє',
  g: 'ɡ',
  h: 'һн',
  j: 'јϳ',
  k: 'кκ',
  l: '1iі|ӏιıї',
  m: 'мμ',
  n: 'ηп',
  o: '0оοσ',
  p: 'рρ',
  q: 'ԛ',
  s: 'ѕ',
  t: 'тτ',
  u: 'υ',
  v: 'ѵν',
  w: 'ԝω',
  x: 'хχ',
  y: 'уγ',
  z: 'ζ',
  '-': '\u2010\u2011\u2012\u2013\u2014\u2212',
};

const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([letter, alike]) => Array.from(alike, (each) => [each, letter] as const)),
);

/** Soft hyphens, joiners and other characters without a shape, and marks above or below a letter. */
const INVISIBLE = /[\p{Cf}\p{Mn}]/gu;

/** Equal for names that look alike. */
export const skeletonOf = (name: string): string =>
  Array.from(name.normalize('NFKD').replace(INVISIBLE, '').toLowerCase().trim().replace(/\s+/g, ' '), (each) => LETTERS.get(each) ?? each)
    .join('')
    .replaceAll('rn', 'm');

const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u] as const;
const WORD = /\p{L}+/gu;

/** Whether one word has letters of two of these scripts, such as a Cyrillic `а` in `llama`. Words of different scripts are common. */
export const mixesScripts = (name: string): boolean =>
  (name.match(WORD) ?? []).some((word) => SCRIPTS.filter((script) => script.test(word)).length > 1);
