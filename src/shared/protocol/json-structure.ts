// Judges JSON text before it is parsed: the depth, and the cost of its structure. A megabyte of `{},` is cheap to send and expensive to
// parse, to validate and to write again. One walk over the text; the walk stops at the bound.
//
// The weights follow measurements with Node 24: walking and parsing a text of cost 800,000 takes 15-50 ms of one slow core, whatever
// the text consists of.
import { MAX_JSON_DEPTH } from './limits';

export type JsonFault = 'too_deep' | 'too_complex';

export interface JsonBounds {
  readonly maxDepth: number;
  readonly maxCost: number;
}

/** A comma and a repeated string cost 1. */
const CONTAINER_COST = 3;
/** V8 keeps one copy of equal short strings. A string that was not there before has to be entered. */
const NEW_STRING_COST = 6;
/** A new name also changes the shape of its object. */
const NEW_NAME_COST = 16;
/** Of digits and white space between other tokens. In longer runs, which no encoder writes, every character costs 1. */
const CHARACTERS_PER_COST = 24;
const MAX_RUN = 256;

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_CASE = 0x20;
const LOWER_D = 0x64;
const LOWER_U = 0x75;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Whether JSON text is nested deeper than `maxDepth`. Both sides of a connection use this check. */
export const isTooDeep = (text: string, maxDepth = MAX_JSON_DEPTH): boolean =>
  jsonFaultOf(text, { maxDepth, maxCost: Infinity }) === 'too_deep';

/** Null: the text may be parsed. It need not be JSON. */
export function jsonFaultOf(text: string, { maxDepth, maxCost }: JsonBounds): JsonFault | null {
  const strings = new StringEnds(text);
  const recent = new RecentStrings(text);
  let depth = 0;
  let cost = 0;
  /** Where the characters begin that the cost does not include yet. */
  let from = 0;
  let wasNew = false;
  for (let i = 0; i < text.length && cost <= maxCost; i++) {
    const char = text.charCodeAt(i);
    // Digits and white space, which are most of the characters outside strings.
    if (char <= SPACE || (char > COMMA && char < COLON)) {
      if (i - from < MAX_RUN) continue;
      cost++;
      continue;
    }
    cost += (i - from) / CHARACTERS_PER_COST;
    from = i + 1;
    switch (char) {
      case QUOTE: {
        const end = strings.endOf(from);
        wasNew = recent.isNew(from, end);
        cost += (wasNew ? NEW_STRING_COST : 1) + strings.surrogates;
        i = end;
        from = end + 1;
        break;
      }
      case COLON:
        // The string before a colon is a name.
        if (wasNew) cost += NEW_NAME_COST - NEW_STRING_COST;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        cost += CONTAINER_COST;
        if (++depth > maxDepth) return 'too_deep';
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        break;
      case COMMA:
        cost++;
        break;
    }
  }
  return cost > maxCost ? 'too_complex' : null;
}

/** A search for each escape would cost more than a look at so many characters. */
const MAX_ESCAPE_DISTANCE = 32;
const MAX_RECENT_SLOTS = 4096;
/** A string has two quotes and a comma or colon. */
const CHARACTERS_PER_SLOT = 2;
const MAX_COMPARED_LENGTH = 64;

/**
 * Finds whether an equal string stood in the text before. The table is bounded, so a string that lost its slot counts as new again. It is
 * small for a small text: to clear 32 kB for each heartbeat would cost more than all else that is done with it.
 */
class RecentStrings {
  readonly #text: string;
  /** Per slot: where the string begins, and its length + 1 (0: empty slot). */
  readonly #from: Int32Array;
  readonly #length: Int32Array;

  constructor(text: string) {
    this.#text = text;
    const slots = Math.min(MAX_RECENT_SLOTS, 2 ** Math.ceil(Math.log2(Math.max(1, text.length / CHARACTERS_PER_SLOT))));
    this.#from = new Int32Array(slots);
    this.#length = new Int32Array(slots);
  }

  isNew(from: number, to: number): boolean {
    const length = to - from;
    if (length > MAX_COMPARED_LENGTH) return true;
    const text = this.#text;
    let hash = length;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (this.#length.length - 1);
    if (this.#length[slot] === length + 1) {
      const known = this.#from[slot] ?? 0;
      let same = 0;
      while (same < length && text.charCodeAt(known + same) === text.charCodeAt(from + same)) same++;
      if (same === length) return false;
    }
    this.#from[slot] = from;
    this.#length[slot] = length + 1;
    return true;
  }
}

/** Finds the ends of strings, from the first to the last. A string may be megabytes of base64 or of escapes, so searches jump. */
class StringEnds {
  readonly #text: string;
  /** The first backslash at or behind the last position: kept, since a search for a rare character may reach the end of the text. */
  #backslash = -1;
  /** Escaped halves of surrogate pairs in the last string: `JSON.stringify` is slow to write lone ones, so each costs 1. */
  surrogates = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The index of the closing quote of the string at `from`: the first quote that no backslash escapes. */
  endOf(from: number): number {
    const text = this.#text;
    let at = from;
    let quote = -1;
    this.surrogates = 0;
    for (;;) {
      if (quote < at) quote = indexOrEnd(text, '"', at);
      if (this.#backslash < at) this.#backslash = indexOrEnd(text, '\\', at);
      if (quote <= this.#backslash) return quote;
      at = this.#backslash;
      // Escapes often stand close together.
      for (let last = at; at - last < MAX_ESCAPE_DISTANCE; at++) {
        const char = text.charCodeAt(at);
        if (char === QUOTE) return at;
        if (char !== BACKSLASH) continue;
        if (text.charCodeAt(at + 1) === LOWER_U && (text.charCodeAt(at + 2) | LOWER_CASE) === LOWER_D) this.surrogates++;
        at++;
        last = at;
      }
      if (at > text.length) return text.length;
    }
  }
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from);
  return index < 0 ? text.length : index;
}
