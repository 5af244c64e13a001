// Notes the response at the end of an answer while the answer is passed on.
import type { AnswerFacts, ClientEvent, AnswerTranslation, StreamTranslation } from '../client-api';
import { responseIn } from './translate';
import type { Json } from './tools';

export type Note = (response: Json, facts: AnswerFacts) => void;

const LAST_EVENTS: ReadonlySet<string | null> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

export const notingEnd = (translation: AnswerTranslation, note: Note): AnswerTranslation => {
  const { stream } = translation;
  return {
    ...translation,
    answer(completion, facts) {
      const response = translation.answer(completion, facts);
      if (response !== null && isComplete({ ...response })) note({ ...response }, facts);
      return response;
    },
    stream: stream === null ? null : (facts) => new NotingStream(stream(facts), (response) => note(response, facts)),
  };
};

/** Whether it can be continued: a model server may send anything. The first such response is noted. */
const isComplete = ({ status, output }: Json): boolean => typeof status === 'string' && Array.isArray(output);

class NotingStream implements StreamTranslation {
  readonly #stream: StreamTranslation;
  /** Null: it is noted. */
  #note: ((response: Json) => void) | null;

  constructor(stream: StreamTranslation, note: ((response: Json) => void) | null) {
    this.#stream = stream;
    this.#note = note;
  }

  get isBroken(): boolean {
    return this.#stream.isBroken === true;
  }

  next(chunk: unknown): readonly [NotingStream, readonly ClientEvent[]] {
    const [stream, events] = this.#stream.next(chunk);
    const noted = this.#noted(events);
    return [new NotingStream(stream, this.#note), noted];
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
      if (response === null || !isComplete(response)) continue;
      this.#note?.(response);
      this.#note = null;
    }
    return events;
  }
}
