// Events are passed on in slices, each after the client has read the one before.
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { passInTurns } from '../../../../src/main/scheduler/api/openai/pass-in-turns';

/** A response that is full after each slice. */
function fullResponse(afterSlice: (response: EventEmitter) => void) {
  const emitter = Object.assign(new EventEmitter(), { writableNeedDrain: true, destroyed: false });
  const slices: number[] = [];
  const pass = (events: readonly number[]): boolean => {
    slices.push(events.length);
    setImmediate(() => afterSlice(emitter));
    return true;
  };
  return { emitter, slices, pass, response: emitter as unknown as ServerResponse };
}
const events = Array.from({ length: 20_001 }, (_, at) => at);

it.each(['drain', 'close'])(
  'slow client, %s after each slice -> slices of 1,000, the rest is returned, and no listener stays',
  async (name) => {
    const { emitter, slices, pass, response } = fullResponse((full) => full.emit(name));
    expect(await passInTurns(response, events, pass)).toEqual([20_000]);
    expect(slices).toEqual(Array.from({ length: 20 }, () => 1000));
    expect([emitter.listenerCount('drain'), emitter.listenerCount('close')]).toEqual([0, 0]);
  },
);

it('response ends during a slice -> nothing is left', async () => {
  const { slices, response } = fullResponse(() => undefined);
  expect(await passInTurns(response, events, (some) => (slices.push(some.length), false))).toEqual([]);
  expect(slices).toEqual([1000]);
});
