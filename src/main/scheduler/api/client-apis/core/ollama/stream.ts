// Translates the chunks of a completion to JSON lines of Ollama's API. Text and thoughts are passed on as they arrive. Calls of tools are
// whole in Ollama's API, so they wait for the end.
import { poolFailure } from '../../../openai/core/openai-error';
import { BREAK_REASONS } from '../../../openai/core/response-state';
import { type AnswerFacts, type ClientEvent, MAX_CALLS, type StreamTranslation } from '../client-api';
import { callId, figuresOf, lineOf, reasonOf, type Said, type Shape, type Times } from './answer';
import { type CallPart, type CompletionPart, type Figures, NO_FIGURES, readCompletion, toCalls } from './completion';
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

const translationOf = (state: State): StreamTranslation => ({
  isBroken: countOf(state.calls) > MAX_CALLS,
  next(chunk) {
    const read = readCompletion(chunk);
    if (read === null) return [translationOf(state), []];
    const [next, events] = onChunk({ ...state, calls: withCalls(state.calls, read.calls) }, read);
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

function withCalls(calls: Calls, parts: readonly CallPart[]): Calls {
  if (parts.length === 0) return calls;
  const waiting = [...calls.waiting, ...parts];
  return waiting.length < MAX_WAITING ? { ...calls, waiting } : { known: allCalls({ ...calls, waiting }), waiting: [] };
}

const countOf = ({ known, waiting }: Calls): number =>
  known.size + new Set(waiting.map(({ index }) => index).filter((index) => !known.has(index))).size;

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
  const whole = toCalls(inOrder, (at) => callId(facts, at));
  if (whole === null) return [unreadable(facts)];
  // The time between the first and the last text, where the server did not say how long it took.
  const seenMs = textMs === null || textMs.last === textMs.first ? null : textMs.last - textMs.first;
  const known = { ...figures, outputMs: figures.outputMs ?? seenMs };
  return [
    ...(whole.length === 0 ? [] : [eventOf(lineOf(shape, model, now, { calls: whole }, null))]),
    eventOf(lineOf(shape, model, now, {}, { done_reason: reasonOf(finish), ...figuresOf(known, now) })),
  ];
}
