// Writes a large value as JSON in several turns of the event loop: eleven megabytes with escapes take more than 50 ms. It visits each value once,
// whatever the depth, and counts each visit: a million small values are as long a work as a long text.
import { isRecord } from '../../shared/json';
import { memoryOf } from '../../shared/value-size';
import { ownTurn } from './own-turn';

/** What one turn writes, in characters: a few milliseconds. */
const TURN_COST = 256 * 1024;
/** A visit takes as long as this many characters. */
const VISIT_COST = 16;

/** More than this is written, checked and stored in turns. */
export const LARGE_BYTES = 256 * 1024;

export const isLarge = (value: object): boolean => memoryOf(value, LARGE_BYTES) > LARGE_BYTES;

/** As `JSON.stringify`, in turns for a large value. */
export const jsonOf = async (value: object): Promise<string> => (isLarge(value) ? jsonInTurns(value) : JSON.stringify(value));

/** As `JSON.stringify`, for values that JSON can have. A small value is written in this turn. */
export async function jsonInTurns(value: object): Promise<string> {
  const texts: string[] = [];
  let pieces: string[] = [];
  let cost = 0;
  for (const piece of piecesOf(value)) {
    pieces.push(piece);
    cost += VISIT_COST + piece.length;
    if (cost < TURN_COST) continue;
    texts.push(pieces.join(''));
    [pieces, cost] = [[], 0];
    await ownTurn();
  }
  texts.push(pieces.join(''));
  return texts.join('');
}

/** A list or an object whose members are written one after another. */
interface Open {
  /** Null: a list. */
  readonly names: readonly string[] | null;
  readonly members: Readonly<Record<string | number, unknown>> | readonly unknown[];
  readonly count: number;
  /** Of the next member. */
  at: number;
  isEmpty: boolean;
}

function* piecesOf(root: object): Generator<string> {
  const stack: Open[] = [];
  let value: unknown = root;
  for (;;) {
    const opened = openOf(value);
    if (opened !== null) {
      stack.push(opened);
      yield opened.names === null ? '[' : '{';
    } else if (typeof value === 'string') yield* piecesOfText(value);
    else yield value === undefined ? 'null' : JSON.stringify(value);

    let open = stack.at(-1);
    while (open !== undefined && !toNextMember(open)) {
      yield open.names === null ? ']' : '}';
      stack.pop();
      open = stack.at(-1);
    }
    if (open === undefined) return;
    if (!open.isEmpty) yield ',';
    open.isEmpty = false;
    const name = open.names?.[open.at];
    if (name !== undefined) {
      yield* piecesOfText(name);
      yield ':';
    }
    value = memberAt(open);
    open.at++;
  }
}

function openOf(value: unknown): Open | null {
  if (Array.isArray(value)) return { names: null, members: value as readonly unknown[], count: value.length, at: 0, isEmpty: true };
  if (!isRecord(value)) return null;
  const names = Object.keys(value);
  return { names, members: value, count: names.length, at: 0, isEmpty: true };
}

/** False: all members are written. JSON leaves out members of an object that are not given. */
function toNextMember(open: Open): boolean {
  while (open.names !== null && open.at < open.count && memberAt(open) === undefined) open.at++;
  return open.at < open.count;
}

const memberAt = ({ names, members, at }: Open): unknown =>
  (members as Readonly<Record<string | number, unknown>>)[names === null ? at : (names[at] ?? '')];

function* piecesOfText(text: string): Generator<string> {
  if (text.length <= TURN_COST) {
    yield JSON.stringify(text);
    return;
  }
  yield '"';
  for (let from = 0; from < text.length;) {
    let to = from + TURN_COST;
    // The halves of a pair stay together: alone, each would be written as an escape.
    if (isHighSurrogate(text.charCodeAt(to - 1))) to++;
    yield JSON.stringify(text.slice(from, to)).slice(1, -1);
    from = to;
  }
  yield '"';
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
