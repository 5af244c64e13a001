// The one loop that reads server-sent events from an answer, whoever gives it: bytes to text, text to events.
import { MAX_EVENT_CHARACTERS, type ServerSentEvent, SseParser } from '../../shared/sse-parser';

/** Ends with the body. Throws what the body does, and `EventTooLarge`. Left early, the body is cancelled. */
export async function* serverEvents(
  body: AsyncIterable<Uint8Array>,
  maxEventCharacters: number = MAX_EVENT_CHARACTERS,
): AsyncGenerator<ServerSentEvent> {
  const parser = new SseParser(maxEventCharacters);
  const text = new TextDecoder();
  for await (const bytes of body) yield* parser.push(text.decode(bytes, { stream: true }));
}
