// The end of a server that has said its last words: they are given some time to reach those who listen.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../platform/clock';

const PATIENCE_MS = 1000;

/** Resolves when every answer is on its way or its client gone; at the latest after a second, for who does not read is not waited for. */
export async function writtenOut(responses: Iterable<ServerResponse>, clock: Clock): Promise<void> {
  const open = [...responses].filter((response) => !response.writableFinished && !response.destroyed);
  if (open.length === 0) return;
  await new Promise<void>((resolve) => {
    let left = open.length;
    const timer = clock.setTimer(PATIENCE_MS, resolve);
    for (const response of open) {
      // Whichever comes first; the other finds nothing left to count.
      const done = (): void => {
        response.off('finish', done).off('close', done);
        if (--left > 0) return;
        timer.cancel();
        resolve();
      };
      response.on('finish', done).on('close', done);
    }
  });
}
