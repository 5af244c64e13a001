// Reads server-sent events from the body of a response: bytes to text, text to events.
import { MAX_EVENT_CHARACTERS, type ServerSentEvent, SseParser } from '../../shared/sse-parser';

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
  const text = new TextDecoder();
  for await (const bytes of body) yield* parser.push(text.decode(bytes, { stream: true }));
  if (takesUnfinished) yield* parser.end();
}
