// Sends the events of an answer as a stream does: the first token after a while, and the end after the time of its figures.
import type { AskEvent } from '../src/shared/api/ask';
import { DECODE_MS } from '../tests/fixtures/app-states/asks';
import type { FakeApi } from '../tests/fixtures/app-states/fake-api';

const FIRST_TOKEN_MS = 380;

/** Moves the clock of the page on, so that an answer takes the time of its figures. */
function skip(ms: number): void {
  const before = performance.now.bind(performance);
  performance.now = () => before() + ms;
}

export async function stream(api: FakeApi, events: readonly AskEvent[]): Promise<void> {
  const listener = api.asks.at(-1)?.listener;
  const afterText = events.findIndex(({ type }) => type === 'text') + 1;
  skip(FIRST_TOKEN_MS);
  await listener?.onEvents(events.slice(0, afterText));
  skip(DECODE_MS);
  await listener?.onEvents(events.slice(afterText));
}
