// Server-sent events from pieces of text, by the HTML standard (§9.2.6). The library parses (ADR 0011). This class adds the last id of
// the stream, a limit for every event, and the unfinished event at the end. Pure.
import { createParser, type EventSourceParser } from 'eventsource-parser';

export interface ServerSentEvent {
  /** The last id of the stream, perhaps from an earlier event; null before the first. */
  readonly id: string | null;
  /** `message` unless the server set a name. */
  readonly name: string;
  readonly data: string;
}

/** The limit for events of a scheduler, far above a snapshot of any usual pool. */
export const MAX_EVENT_CHARACTERS = 64 * 1024 * 1024;

/** An event exceeds the limit. The caller ends the stream to save memory. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

const tooLarge = (maxEventCharacters: number): EventTooLarge =>
  new EventTooLarge(`a server-sent event has more than ${String(maxEventCharacters)} characters`);

export class SseParser {
  readonly #parser: EventSourceParser;
  #id: string | null = null;
  #events: ServerSentEvent[] = [];

  constructor(maxEventCharacters: number = MAX_EVENT_CHARACTERS) {
    this.#parser = createParser({
      maxBufferSize: maxEventCharacters,
      onId: (id) => {
        this.#id = id;
      },
      onEvent: ({ event = 'message', data }) => {
        // The library limits its buffer. An event that arrives in one piece is not buffered.
        if (data.length > maxEventCharacters) throw tooLarge(maxEventCharacters);
        this.#events.push({ id: this.#id, name: event, data });
      },
      onError: ({ type }) => {
        // Unknown fields and invalid values are ignored, as the standard requires.
        if (type === 'max-buffer-size-exceeded') throw tooLarge(maxEventCharacters);
      },
    });
  }

  /** Returns the events that this piece completes. Throws `EventTooLarge`. */
  push(piece: string): readonly ServerSentEvent[] {
    this.#parser.feed(piece);
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Returns the unfinished event at the end of the text, since some servers leave out the last empty line. */
  end(): readonly ServerSentEvent[] {
    return this.push('\n\n');
  }
}
