// Notes the last response of an answer while the answer is passed on.
import type { AnswerFacts, ClientEvent, AnswerTranslation, StreamTranslation } from '../client-api';
import { responseIn } from './translate';
import type { Json } from './tools';

type Note = (response: Json, facts: AnswerFacts) => void;

const LAST_EVENTS: ReadonlySet<string | null> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

export const notingEnd = (translation: AnswerTranslation, note: Note): AnswerTranslation => {
  const { stream } = translation;
  return {
    ...translation,
    answer(completion, facts) {
      const response = translation.answer(completion, facts);
      if (response !== null) note({ ...response }, facts);
      return response;
    },
    stream: stream === null ? null : (facts) => new NotingStream(stream(facts), (response) => note(response, facts)),
  };
};

class NotingStream implements StreamTranslation {
  readonly #stream: StreamTranslation;
  readonly #note: (response: Json) => void;

  constructor(stream: StreamTranslation, note: (response: Json) => void) {
    this.#stream = stream;
    this.#note = note;
  }

  next(chunk: unknown): readonly [NotingStream, readonly ClientEvent[]] {
    const [stream, events] = this.#stream.next(chunk);
    return [new NotingStream(stream, this.#note), this.#noted(events)];
  }

  end(): readonly ClientEvent[] {
    return this.#noted(this.#stream.end());
  }

  fail(...failure: Parameters<StreamTranslation['fail']>): readonly ClientEvent[] {
    return this.#noted(this.#stream.fail(...failure));
  }

  #noted(events: readonly ClientEvent[]): readonly ClientEvent[] {
    for (const { name, data } of events) {
      const response = LAST_EVENTS.has(name) ? responseIn(data) : null;
      if (response !== null) this.#note(response);
    }
    return events;
  }
}
