// Turns of the event loop for works that are done in parts. Each part waits for a turn that no other work has taken, so that many works at once
// stall nothing.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Of all works of this program: they share one event loop. */
let lastTurn: Promise<unknown> = Promise.resolve();

export const ownTurn = (): Promise<unknown> => (lastTurn = lastTurn.then(() => nextTurn()));
