// Matches the pattern of a parameter in a time that grows linearly with the value, whatever the pattern (Thompson's construction). The
// engine of JavaScript backtracks: `(a+)+` on 28 characters stopped the agent for seconds.
import { fail, ok, type Result } from '../../../../shared/result';
import { type Assertion, parsePattern, type PatternNode } from './pattern-syntax';

export const MAX_PATTERN_CHARACTERS = 256;
/**
 * The limit of the steps of all patterns of one command. Counted repetitions multiply the steps. Measured at this limit, with a value of 4,096
 * characters: at most 50 ms.
 */
export const MAX_PATTERN_STEPS = 1000;

type Step =
  | { readonly type: 'character'; readonly index: number }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  /** Both targets are tried at once. */
  | { readonly type: 'fork'; readonly targets: readonly number[] };

export interface Pattern {
  readonly steps: number;
  /** Whether the value matches as a whole. The time is at most proportional to the steps times the length of the value. */
  matches(value: string): boolean;
}

/** The error is a message for the author of the manifest. */
export function compilePattern(source: string): Result<Pattern, string> {
  if (source.length > MAX_PATTERN_CHARACTERS) return fail(`has more than ${String(MAX_PATTERN_CHARACTERS)} characters`);
  const parsed = parsePattern(source);
  if (!parsed.ok) return parsed;
  const steps = stepsOf(parsed.value);
  if (steps > MAX_PATTERN_STEPS) return fail('repeats too often: use * or + instead of large counts');
  const program = new ProgramBuilder();
  program.add(parsed.value);
  return ok({ steps, matches: (value) => matches(program, value) });
}

function stepsOf(node: PatternNode): number {
  switch (node.type) {
    case 'character':
    case 'assertion':
      return 1;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + stepsOf(part), 0);
    case 'alternatives':
      return node.parts.reduce((sum, part) => sum + stepsOf(part) + 2, -2);
    case 'repeat':
      return Number.isFinite(node.max) ? stepsOf(node.part) * node.max + (node.max - node.min) : stepsOf(node.part) * (node.min + 1) + 2;
  }
}

class ProgramBuilder {
  readonly steps: Step[] = [];
  /** One expression for each different character of the pattern. */
  readonly characters: RegExp[] = [];
  readonly #indexOf = new Map<string, number>();

  add(node: PatternNode): void {
    switch (node.type) {
      case 'character':
        this.steps.push({ type: 'character', index: this.#characterIndex(node.source) });
        return;
      case 'assertion':
        this.steps.push(node);
        return;
      case 'sequence':
        for (const part of node.parts) this.add(part);
        return;
      case 'alternatives':
        this.#addAlternatives(node.parts);
        return;
      case 'repeat':
        this.#addRepeat(node.part, node.min, node.max);
        return;
    }
  }

  #characterIndex(source: string): number {
    const known = this.#indexOf.get(source);
    if (known !== undefined) return known;
    this.#indexOf.set(source, this.characters.length);
    return this.characters.push(new RegExp(`^(?:${source})$`, 'u')) - 1;
  }

  #addAlternatives([first, ...others]: readonly PatternNode[]): void {
    if (first === undefined) return;
    if (others.length === 0) {
      this.add(first);
      return;
    }
    const fork = this.#reserve();
    this.add(first);
    const jump = this.#reserve();
    this.steps[fork] = { type: 'fork', targets: [fork + 1, this.steps.length] };
    this.#addAlternatives(others);
    this.steps[jump] = { type: 'fork', targets: [this.steps.length] };
  }

  #addRepeat(part: PatternNode, min: number, max: number): void {
    for (let count = 0; count < min; count++) this.add(part);
    if (max === Infinity) {
      const fork = this.#reserve();
      this.add(part);
      this.steps.push({ type: 'fork', targets: [fork] });
      this.steps[fork] = { type: 'fork', targets: [fork + 1, this.steps.length] };
      return;
    }
    const forks: number[] = [];
    for (let count = min; count < max; count++) {
      forks.push(this.#reserve());
      this.add(part);
    }
    for (const fork of forks) this.steps[fork] = { type: 'fork', targets: [fork + 1, this.steps.length] };
  }

  /** A place for a fork whose targets are not known yet. */
  #reserve(): number {
    return this.steps.push({ type: 'fork', targets: [] }) - 1;
  }
}

type Program = Pick<ProgramBuilder, 'steps' | 'characters'>;

function matches({ steps, characters }: Program, value: string): boolean {
  const points = Array.from(value);
  /** The position at which a step was reached last, plus one. A step is followed once for each position. */
  const reachedAt = new Uint32Array(steps.length + 1);
  let waiting: number[] = follow([0], 0);
  for (const [at, point] of points.entries()) {
    if (waiting.length === 0) return false;
    const isMatch: (boolean | undefined)[] = [];
    const next: number[] = [];
    for (const step of waiting) {
      const current = steps[step];
      if (current?.type !== 'character') continue;
      if ((isMatch[current.index] ??= characters[current.index]?.test(point) === true)) next.push(step + 1);
    }
    waiting = follow(next, at + 1);
  }
  return waiting.includes(steps.length);

  /** The steps that wait for a character, and the end of the program, from these steps on. */
  function follow(from: number[], at: number): number[] {
    const found: number[] = [];
    for (let step = from.pop(); step !== undefined; step = from.pop()) {
      if (reachedAt[step] === at + 1) continue;
      reachedAt[step] = at + 1;
      const current = steps[step];
      if (current === undefined || current.type === 'character') found.push(step);
      else if (current.type === 'fork') for (const target of current.targets) from.push(target);
      else if (holds(current.assertion, points[at - 1], points[at])) from.push(step + 1);
    }
    return found;
  }
}

/** `before` and `after`: the characters around the position; undefined at the ends. */
function holds(assertion: Assertion, before: string | undefined, after: string | undefined): boolean {
  switch (assertion) {
    case 'start':
      return before === undefined;
    case 'end':
      return after === undefined;
    case 'boundary':
      return WORD.has(before) !== WORD.has(after);
    case 'no_boundary':
      return WORD.has(before) === WORD.has(after);
  }
}

const WORD: ReadonlySet<string | undefined> = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_');
