// A chat completion as a stream of chunks that are cut at random: for tests that the cuts change nothing of what a client sees.
import fc from 'fast-check';
import type { StreamTranslation } from '../../src/main/scheduler/api/client-apis/core/client-api';

export interface SaidCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model said. */
export interface Said {
  readonly thoughts: string;
  readonly text: string;
  readonly calls: readonly SaidCall[];
}

const words = fc.string({ unit: 'grapheme', maxLength: 40 });

const said: fc.Arbitrary<Said> = fc.record({
  thoughts: words,
  text: words,
  calls: fc
    .array(
      fc.record({
        name: fc.constantFrom('weather', 'time'),
        input: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })),
      }),
      {
        maxLength: 3,
      },
    )
    .map((calls) => calls.map((call, at) => ({ id: `call_${String(at)}`, ...call }))),
});

/** `cuts`: the lengths of the pieces, again and again. `isMixed`: the parts of parallel calls take turns. */
export interface Cut {
  readonly said: Said;
  readonly cuts: readonly number[];
  readonly isMixed: boolean;
  readonly reasoningField: 'reasoning_content' | 'reasoning';
}

export const cutAnswers: fc.Arbitrary<Cut> = fc.record({
  said,
  cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
  isMixed: fc.boolean(),
  reasoningField: fc.constantFrom('reasoning_content', 'reasoning'),
});

const delta = (fields: object, finish: string | null = null): object => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

export function chunksOf({ said: { thoughts, text, calls }, cuts, isMixed, reasoningField }: Cut): readonly object[] {
  const parts = calls.map(({ id, name, input }, index) => {
    const head = { index, id, type: 'function', function: { name, arguments: '' } };
    const pieces = piecesOf(JSON.stringify(input), cuts).map((piece) => ({ index, function: { arguments: piece } }));
    return [head, ...pieces].map((call) => delta({ tool_calls: [call] }));
  });
  return [
    delta({ role: 'assistant', content: '' }),
    ...piecesOf(thoughts, cuts).map((piece) => delta({ [reasoningField]: piece })),
    ...piecesOf(text, cuts).map((piece) => delta({ content: piece })),
    ...(isMixed ? inTurns(parts) : parts.flat()),
    delta({}, calls.length > 0 ? 'tool_calls' : 'stop'),
    { object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } },
  ];
}

function piecesOf(whole: string, cuts: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const length = cuts[turn % cuts.length] ?? 1;
    pieces.push(whole.slice(at, at + length));
    at += length;
  }
  return pieces;
}

function inTurns<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_none, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

/** The data of all events that a client sees of the stream. */
export function translatedCut(stream: StreamTranslation, cut: Cut): readonly unknown[] {
  let state = stream;
  const events: unknown[] = [];
  for (const chunk of chunksOf(cut)) {
    const [next, some] = state.next(chunk);
    state = next;
    events.push(...some.map(({ data }) => data));
  }
  return [...events, ...state.end().map(({ data }) => data)];
}
