// Reads server-sent events from the body of a response: bytes to text, text to events.
import { MAX_EVENT_CHARACTERS, type ServerSentEvent, SseParser } from '../../shared/sse-parser';
import { ownTurn } from './own-turn';

/** A server may send thousands at once, and each is parsed, checked and written. */
const EVENTS_PER_TURN = 200;

export interface ServerEventsOptions {
  readonly maxEventCharacters?: number;
  /** Accept an unfinished event at the end of the body. By the standard such an event is dropped. */
  readonly takesUnfinished?: boolean;
}

/** Ends with the body. Throws errors of the body, and `EventTooLarge`. A consumer that stops early cancels the body. */
export async function* serverEvents(
  body: AsyncIterable<Uint8Array>,
  { maxEventCharacters = MAX_EVENT_CHARACTERS, takesUnfinished = false }: ServerEventsOptions = {},
): AsyncGenerator<ServerSentEvent> {
  const parser = new SseParser(maxEventCharacters);
  let eventsInTurn = 0;
  for await (const text of textOf(body)) {
    for (const event of parser.push(text)) {
      yield event;
      if (++eventsInTurn < EVENTS_PER_TURN) continue;
      eventsInTurn = 0;
      await ownTurn();
    }
  }
  if (takesUnfinished) yield* parser.end();
}

/** UTF-8 in pieces, wherever the bytes were cut. Invalid bytes become replacement characters. */
export async function* textOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
