// How well a text matches a search, and which letters match. Every word of the search must be found: at the beginning of the text, at the
// beginning of a word, inside a word, or as letters in the same order (`la1` finds `lab-a100`).

export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** Positions of the matching letters in the title. */
  readonly marks: readonly number[];
}

export interface Found {
  readonly title: string;
  readonly words?: string;
}

const AT_START = 100;
const AT_WORD = 70;
const INSIDE = 40;
const IN_ORDER = 15;
/** A match in the further words: at the beginning of one, or inside. */
const ELSEWHERE_AT_WORD = 30;
const ELSEWHERE = 20;

/** Null: no match. */
export function matchOf({ title, words = '' }: Found, search: string): Match | null {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const [text, more] = [title.toLowerCase(), words.toLowerCase()];
  let score = 0;
  const marks = new Set<number>();
  for (const word of wanted) {
    const inTitle = wordMatch(text, word);
    const elsewhere = scoreElsewhere(more, word);
    if (inTitle === null && elsewhere === 0) return null;
    // A whole word is closer to the search than letters that are scattered in the title.
    if (inTitle === null || inTitle.score < elsewhere) score += elsewhere;
    else {
      score += inTitle.score;
      for (const position of inTitle.marks) marks.add(position);
    }
  }
  // Of two equal matches the shorter title is closer to the search.
  return { score: score - title.length / 100, marks: [...marks].sort((one, other) => one - other) };
}

/** 0: no match. */
function scoreElsewhere(words: string, word: string): number {
  const at = bestIndex(words, word);
  return at === -1 ? 0 : isWordStart(words, at) ? ELSEWHERE_AT_WORD : ELSEWHERE;
}

function wordMatch(text: string, word: string): Match | null {
  const at = bestIndex(text, word);
  if (at !== -1) {
    const score = at === 0 ? AT_START : isWordStart(text, at) ? AT_WORD : INSIDE;
    return { score, marks: Array.from(word, (_letter, i) => at + i) };
  }
  const marks = lettersInOrder(text, word);
  return marks === null ? null : { score: IN_ORDER - (marks.at(-1) ?? 0) / 100, marks };
}

/** The first place at the beginning of a word, or the first place. */
function bestIndex(text: string, word: string): number {
  const first = text.indexOf(word);
  for (let at = first; at !== -1; at = text.indexOf(word, at + 1)) if (isWordStart(text, at)) return at;
  return first;
}

const isWordStart = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');

function lettersInOrder(text: string, word: string): readonly number[] | null {
  const marks: number[] = [];
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at === -1) return null;
    marks.push(at);
    from = at + 1;
  }
  return marks;
}
