// Translates the chunks of a completion to JSON lines of Ollama's API. Text and thoughts are passed on as they arrive. Calls of tools are
// whole in Ollama's API, so they wait for the end.
import { poolFailure } from '../../../openai/core/openai-error';
import { BREAK_REASONS } from '../../../openai/core/response-state';
import type { AnswerFacts, ClientEvent, StreamTranslation } from '../client-api';
import { callId, figuresOf, lineOf, reasonOf, type Said, type Shape, type Times } from './answer';
import { type CallPart, type CompletionPart, type Figures, MAX_CALLS, NO_FIGURES, readCompletion, toCalls } from './completion';
import { ollamaFormat } from './ollama-format';

interface Calls {
  /** By their index in the completion. */
  readonly known: ReadonlyMap<number, CallPart>;
  /** Parts that are not in `known` yet. */
  readonly waiting: readonly CallPart[];
}

/** A copy of all calls for each part would be quadratic: they are copied when so many parts wait. */
const MAX_WAITING = 32;
const NO_CALLS: Calls = { known: new Map(), waiting: [] };

interface State {
  readonly shape: Shape;
  readonly model: string;
  readonly facts: AnswerFacts;
  readonly times: Times;
  readonly calls: Calls;
  readonly finish: string | null;
  readonly figures: Figures;
  /** The times of the first and the last text since the request. Null: none arrived. */
  readonly textMs: { readonly first: number; readonly last: number } | null;
}

export const startLines = (shape: Shape, model: string, facts: AnswerFacts, times: Times): StreamTranslation =>
  translationOf({ shape, model, facts, times, calls: NO_CALLS, finish: null, figures: NO_FIGURES, textMs: null });

/** What follows a chunk with too many calls is dropped. */
const tooManyCalls = (state: State): StreamTranslation => ({
  ...translationOf(state),
  next: () => [tooManyCalls(state), []],
  end: () => [unreadable(state.facts)],
});

const translationOf = (state: State): StreamTranslation => ({
  next(chunk) {
    const read = readCompletion(chunk);
    if (read === null) return [translationOf(state), []];
    const calls = withCalls(state.calls, read.calls);
    if (calls === null) return [tooManyCalls(state), []];
    const [next, events] = onChunk({ ...state, calls }, read);
    return [translationOf(next), events];
  },
  end: () => endOf(state),
  fail: (failure, language) => [ollamaFormat.errorEvent(failure, language, state.facts.requestId)],
});

const eventOf = (data: object): ClientEvent => ({ name: null, data });

function onChunk(state: State, read: CompletionPart): readonly [State, readonly ClientEvent[]] {
  const { text, thinking, logprobs, figures, finish } = read;
  const next: State = {
    ...state,
    finish: finish ?? state.finish,
    figures: {
      promptTokens: figures.promptTokens ?? state.figures.promptTokens,
      outputTokens: figures.outputTokens ?? state.figures.outputTokens,
      promptMs: figures.promptMs ?? state.figures.promptMs,
      outputMs: figures.outputMs ?? state.figures.outputMs,
    },
  };
  if (text === '' && thinking === '') return [next, []];
  const now = state.times();
  const textMs = { first: state.textMs?.first ?? now.sinceRequestMs, last: now.sinceRequestMs };
  const said: Said = { text, thinking, logprobs };
  return [{ ...next, textMs }, [eventOf(lineOf(state.shape, state.model, now, said, null))]];
}

/** Null: too many. */
function withCalls(calls: Calls, parts: readonly CallPart[] | null): Calls | null {
  if (parts === null || parts.length === 0) return parts === null ? null : calls;
  const waiting = [...calls.waiting, ...parts];
  if (waiting.length < MAX_WAITING) return { ...calls, waiting };
  const known = allCalls({ ...calls, waiting });
  return known.size > MAX_CALLS ? null : { known, waiting: [] };
}

function allCalls({ known, waiting }: Calls): ReadonlyMap<number, CallPart> {
  const calls = new Map(known);
  for (const part of waiting) {
    const before = calls.get(part.index);
    calls.set(part.index, {
      index: part.index,
      id: before === undefined || before.id === '' ? part.id : before.id,
      name: (before?.name ?? '') + part.name,
      arguments: (before?.arguments ?? '') + part.arguments,
    });
  }
  return calls;
}

const unreadable = ({ requestId }: AnswerFacts): ClientEvent =>
  ollamaFormat.errorEvent(poolFailure('stream_broken', { reason: BREAK_REASONS.unreadable_output }), 'en', requestId);

function endOf({ shape, model, facts, times, calls, finish, figures, textMs }: State): readonly ClientEvent[] {
  const now = times();
  const inOrder = [...allCalls(calls).values()].toSorted((one, other) => one.index - other.index);
  const whole = inOrder.length > MAX_CALLS ? null : toCalls(inOrder, (at) => callId(facts, at));
  if (whole === null) return [unreadable(facts)];
  // The time between the first and the last text, where the server did not say how long it took.
  const seenMs = textMs === null || textMs.last === textMs.first ? null : textMs.last - textMs.first;
  const known = { ...figures, outputMs: figures.outputMs ?? seenMs };
  return [
    ...(whole.length === 0 ? [] : [eventOf(lineOf(shape, model, now, { calls: whole }, null))]),
    eventOf(lineOf(shape, model, now, {}, { done_reason: reasonOf(finish), ...figuresOf(known, now) })),
  ];
}
