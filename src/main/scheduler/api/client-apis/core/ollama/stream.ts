// Translates the chunks of a completion to JSON lines of Ollama's API. Text and thoughts are passed on as they arrive. Calls of tools are
// whole in Ollama's API, so they wait for the end.
import { poolFailure } from '../../../openai/core/openai-error';
import { BREAK_REASONS } from '../../../openai/core/response-state';
import type { AnswerFacts, ClientEvent, StreamTranslation } from '../client-api';
import { callId, figuresOf, lineOf, reasonOf, type Said, type Shape, type Times } from './answer';
import { type CallPart, type Figures, NO_FIGURES, readCompletion, toCalls } from './completion';
import { ollamaFormat } from './ollama-format';

interface State {
  readonly shape: Shape;
  readonly model: string;
  readonly facts: AnswerFacts;
  readonly times: Times;
  /** By their index in the completion. */
  readonly calls: ReadonlyMap<number, CallPart>;
  readonly finish: string | null;
  readonly figures: Figures;
  /** The times of the first and the last text since the request. Null: none arrived. */
  readonly textMs: { readonly first: number; readonly last: number } | null;
}

export const startLines = (shape: Shape, model: string, facts: AnswerFacts, times: Times): StreamTranslation =>
  translationOf({ shape, model, facts, times, calls: new Map(), finish: null, figures: NO_FIGURES, textMs: null });

const translationOf = (state: State): StreamTranslation => ({
  next(chunk) {
    const [next, events] = onChunk(state, chunk);
    return [translationOf(next), events];
  },
  end: () => endOf(state),
  fail: (failure, language) => [ollamaFormat.errorEvent(failure, language, state.facts.requestId)],
});

const eventOf = (data: object): ClientEvent => ({ name: null, data });

function onChunk(state: State, chunk: unknown): readonly [State, readonly ClientEvent[]] {
  const read = readCompletion(chunk);
  if (read === null) return [state, []];
  const { text, thinking, logprobs, figures, finish } = read;
  const next: State = {
    ...state,
    calls: withCalls(state.calls, read.calls),
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

function withCalls(known: State['calls'], parts: readonly CallPart[]): State['calls'] {
  if (parts.length === 0) return known;
  const calls = new Map(known);
  for (const part of parts) {
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

function endOf({ shape, model, facts, times, calls, finish, figures, textMs }: State): readonly ClientEvent[] {
  const now = times();
  const inOrder = [...calls.values()].toSorted((one, other) => one.index - other.index);
  const whole = toCalls(inOrder, (at) => callId(facts, at));
  if (whole === null) {
    const failure = poolFailure('stream_broken', { reason: BREAK_REASONS.unreadable_output });
    return [ollamaFormat.errorEvent(failure, 'en', facts.requestId)];
  }
  // The time between the first and the last text, where the server did not say how long it took.
  const seenMs = textMs === null || textMs.last === textMs.first ? null : textMs.last - textMs.first;
  const known = { ...figures, outputMs: figures.outputMs ?? seenMs };
  return [
    ...(whole.length === 0 ? [] : [eventOf(lineOf(shape, model, now, { calls: whole }, null))]),
    eventOf(lineOf(shape, model, now, {}, { done_reason: reasonOf(finish), ...figuresOf(known, now) })),
  ];
}
