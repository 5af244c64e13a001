// Parses the pattern of a parameter: a regular expression of JavaScript (flag `u`) without backreferences and lookarounds, because only
// such an expression can be matched in linear time.
import { fail, ok, type Result } from '../../../../shared/result';

/** A text that must match one character: a literal, an escape or a class. */
interface Character {
  readonly type: 'character';
  readonly source: string;
}

export type Assertion = 'start' | 'end' | 'boundary' | 'no_boundary';

export type PatternNode =
  | Character
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  | { readonly type: 'sequence' | 'alternatives'; readonly parts: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

/** The message of an invalid pattern says what is not supported. */
class PatternFault extends Error {}

/** The error is a message for the author of the manifest. */
export function parsePattern(source: string): Result<PatternNode, string> {
  try {
    new RegExp(source, 'u');
  } catch {
    return fail('is not a regular expression');
  }
  try {
    return ok(new PatternParser(source).parse());
  } catch (error) {
    if (error instanceof PatternFault) return fail(error.message);
    throw error;
  }
}

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ['^', 'start'],
  ['$', 'end'],
  ['\\b', 'boundary'],
  ['\\B', 'no_boundary'],
]);

// A pair of escaped surrogates is one character.
const ESCAPE =
  /\\(?:u\{[\dA-Fa-f]+\}|u[dD][89abAB][\dA-Fa-f]{2}\\u[dD][c-fC-F][\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[^])/uy;
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/uy;
const GROUP = /\((?:\?:|\?<(?![=!])[^>]*>|(?!\?))/uy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/uy;
const LITERAL = /[^]/uy;

/** Expects a valid regular expression, so it does not report syntax errors. */
class PatternParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): PatternNode {
    const parts = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    return { type: 'alternatives', parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') parts.push(this.#term());
    return { type: 'sequence', parts };
  }

  #term(): PatternNode {
    const part = this.#atom();
    const quantifier = this.#take(QUANTIFIER);
    if (quantifier === null) return part;
    const [text, min, comma, max] = quantifier;
    if (min === undefined) return { type: 'repeat', part, min: text.startsWith('+') ? 1 : 0, max: text.startsWith('?') ? 1 : Infinity };
    const most = comma === undefined ? Number(min) : max === undefined || max === '' ? Infinity : Number(max);
    return { type: 'repeat', part, min: Number(min), max: most };
  }

  #atom(): PatternNode {
    if (this.#source[this.#at] === '(') return this.#group();
    const [text = ''] = this.#take(CLASS) ?? this.#take(ESCAPE) ?? this.#take(LITERAL) ?? [];
    const assertion = ASSERTIONS.get(text);
    if (assertion !== undefined) return { type: 'assertion', assertion };
    if (/^\\(?:[1-9]|k$)/u.test(text)) throw new PatternFault('has a backreference, which is not supported');
    return { type: 'character', source: text };
  }

  #group(): PatternNode {
    if (this.#take(GROUP) === null) throw new PatternFault('has a lookaround or a modifier, which are not supported');
    const inside = this.parse();
    this.#at++;
    return inside;
  }

  #take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source);
    if (found !== null) this.#at = expression.lastIndex;
    return found;
  }
}
