// Requests that arrive together: their handlers share the turns of the event loop.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HandlerTurns } from '../../../../src/main/scheduler/api/handler-turns';

/** Handlers that take so long each, and the first one `firstTookMs`. `perTurn`: the names of those that ran in each turn. */
async function ran(tookMs: number, names: readonly string[], firstTookMs = tookMs) {
  let nowMs = 0;
  const turns = new HandlerTurns(() => nowMs);
  const perTurn: string[][] = [[]];
  const handle = async (name: string): Promise<void> => {
    await turns.start();
    perTurn.at(-1)?.push(name);
    nowMs += name === names[0] ? firstTookMs : tookMs;
  };
  let isOver = false;
  const watch = (async () => {
    for (; !isOver; perTurn.push([])) await nextTurn();
  })();
  const handled: Promise<void>[] = [];
  for (const name of names) {
    handled.push(handle(name));
    // In the same turn. As Node calls back for each socket: a handler that may start has taken its time before the next one begins.
    for (let i = 0; i < 8; i++) await Promise.resolve();
  }
  await Promise.all(handled);
  isOver = true;
  await watch;
  return perTurn.filter((turn) => turn.length > 0);
}

it('short handlers -> all in the turn in which they arrive', async () => {
  expect(await ran(0.01, ['a', 'b', 'c', 'd'])).toEqual([['a', 'b', 'c', 'd']]);
});

it('long handlers -> one in a turn, in their order', async () => {
  expect(await ran(20, ['a', 'b', 'c', 'd'])).toEqual([['a'], ['b'], ['c'], ['d']]);
});

it('short handlers behind a long one -> share the next turns', async () => {
  expect(await ran(4, ['a', 'b', 'c', 'd', 'e', 'f'], 20)).toEqual([['a'], ['b', 'c', 'd'], ['e', 'f']]);
});

it('long handlers have ended -> the next turn starts again at once', async () => {
  let nowMs = 0;
  const turns = new HandlerTurns(() => nowMs);
  await turns.start();
  nowMs += 20;
  await turns.start();
  nowMs += 20;
  await nextTurn();
  await nextTurn();
  let isStarted = false;
  void turns.start().then(() => {
    isStarted = true;
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(isStarted).toBe(true);
});
