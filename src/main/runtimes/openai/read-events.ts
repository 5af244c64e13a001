// Parses the server-sent events of a runtime, wherever its bytes were cut. An event that exceeds the limit ends the reading.
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Thrown instead of keeping an event that exceeds the limit in memory. */
export class EventTooLarge extends Error {}

/**
 * Ends with the body, whose last event needs no empty line: some servers leave it out. Throws errors of the body, and `EventTooLarge`.
 * A consumer that stops early cancels the body.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>, maxEventCharacters: number): AsyncGenerator<EventSourceMessage> {
  const complete: EventSourceMessage[] = [];
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent: (event) => {
      // The parser limits its buffer, not an event that arrives in one piece.
      if (event.data.length > maxEventCharacters) throw new EventTooLarge();
      complete.push(event);
    },
    onError: ({ type }) => {
      // Fields that the standard does not name are ignored, as it requires.
      if (type === 'max-buffer-size-exceeded') throw new EventTooLarge();
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* complete.splice(0);
  }
  parser.feed(`${decoder.decode()}\n\n`);
  yield* complete.splice(0);
}
