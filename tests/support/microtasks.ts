// Waits for promises without a turn of the event loop.

/** Resolves when no promise can go on: those that wait for a timer, a turn or the system still wait. */
export async function microtasksDone(): Promise<void> {
  // Node runs its tick queue when the queue of microtasks is empty.
  await Promise.resolve();
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
}
