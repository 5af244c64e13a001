// The one loop that reads server-sent events from an answer, whoever gives it: bytes to text, text to events.
import { MAX_EVENT_CHARACTERS, type ServerSentEvent, SseParser } from '../../shared/sse-parser';

export interface ServerEventsOptions {
  readonly maxEventCharacters?: number;
  /** Whether an event that the end of a whole body cut short is one. The standard says no. */
  readonly takesUnfinished?: boolean;
}

/** Ends with the body. Throws what the body does, and `EventTooLarge`. Left early, the body is cancelled. */
export async function* serverEvents(
  body: AsyncIterable<Uint8Array>,
  { maxEventCharacters = MAX_EVENT_CHARACTERS, takesUnfinished = false }: ServerEventsOptions = {},
): AsyncGenerator<ServerSentEvent> {
  const parser = new SseParser(maxEventCharacters);
  const text = new TextDecoder();
  for await (const bytes of body) yield* parser.push(text.decode(bytes, { stream: true }));
  if (takesUnfinished) yield* parser.end();
}
