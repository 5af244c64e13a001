// Passes on the events of a result, which may be many: in turns of the event loop, as fast as the client reads them.
import type { ServerResponse } from 'node:http';
import { ownTurn } from '../../../platform/own-turn';

const EVENTS_PER_TURN = 1000;

/** `pass`: false when the response has ended. The last events are returned, since the end of the answer is written with them. */
export async function passInTurns<Event>(
  response: ServerResponse,
  events: readonly Event[],
  pass: (events: readonly Event[]) => boolean,
): Promise<readonly Event[]> {
  let at = 0;
  for (; events.length - at > EVENTS_PER_TURN; at += EVENTS_PER_TURN) {
    if (!pass(events.slice(at, at + EVENTS_PER_TURN))) return [];
    await drained(response);
    await ownTurn();
  }
  return events.slice(at);
}

function drained(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return Promise.resolve();
  return new Promise<void>((resolve) => {
    const end = (): void => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
  });
}
