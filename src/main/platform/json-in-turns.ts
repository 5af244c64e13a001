// Writes a large value as JSON in several turns of the event loop: eleven megabytes with escapes take more than 50 ms.
import { isRecord } from '../../shared/json';
import { memoryOf } from '../../shared/value-size';
import { ownTurn } from './own-turn';

/** Bytes in memory. One turn writes parts of this size: a few milliseconds. */
const PART_BYTES = 1024 * 1024;
const PART_CHARACTERS = PART_BYTES / 2;

/** As `JSON.stringify`, for values that JSON can have. A small value is written in this turn. */
export async function jsonInTurns(value: object): Promise<string> {
  const texts: string[] = [];
  let characters = 0;
  for (const text of partsOf(value)) {
    texts.push(text);
    characters += text.length;
    if (characters < PART_CHARACTERS) continue;
    characters = 0;
    await ownTurn();
  }
  return texts.join('');
}

function* partsOf(value: unknown): Generator<string> {
  if (!isLarge(value)) yield JSON.stringify(value);
  else if (typeof value === 'string') yield* partsOfText(value);
  else if (Array.isArray(value)) yield* partsOfList(value);
  else if (isRecord(value)) yield* partsOfObject(value);
}

const isLarge = (value: unknown): boolean => memoryOf(value, PART_BYTES) > PART_BYTES;

function* partsOfText(text: string): Generator<string> {
  yield '"';
  for (let from = 0; from < text.length;) {
    let to = from + PART_CHARACTERS;
    // The halves of a pair stay together: alone, each would be written as an escape.
    if (isHighSurrogate(text.charCodeAt(to - 1))) to++;
    yield JSON.stringify(text.slice(from, to)).slice(1, -1);
    from = to;
  }
  yield '"';
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

function* partsOfList(list: readonly unknown[]): Generator<string> {
  yield '[';
  let isFirst = true;
  for (const members of groupsOf(list, (member) => member)) {
    if (!isFirst) yield ',';
    isFirst = false;
    const [member] = members;
    if (members.length === 1 && isLarge(member)) yield* partsOf(member);
    else yield JSON.stringify(members).slice(1, -1);
  }
  yield ']';
}

function* partsOfObject(object: Readonly<Record<string, unknown>>): Generator<string> {
  yield '{';
  let isFirst = true;
  const entries = Object.entries(object).filter(([, member]) => member !== undefined);
  for (const members of groupsOf(entries, ([, member]) => member)) {
    if (!isFirst) yield ',';
    isFirst = false;
    const [[name, member] = ['', null]] = members;
    if (members.length === 1 && isLarge(member)) {
      yield `${JSON.stringify(name)}:`;
      yield* partsOf(member);
    } else yield JSON.stringify(Object.fromEntries(members)).slice(1, -1);
  }
  yield '}';
}

/** Members that follow each other, together at most as large as a part. One that is larger is alone. */
function* groupsOf<Member>(members: readonly Member[], valueOf: (member: Member) => unknown): Generator<readonly Member[]> {
  let group: Member[] = [];
  let bytes = 0;
  for (const member of members) {
    const size = memoryOf(valueOf(member), PART_BYTES);
    if (group.length > 0 && bytes + size > PART_BYTES) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(member);
    bytes += size;
  }
  if (group.length > 0) yield group;
}
