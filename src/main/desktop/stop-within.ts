// Runs the last work of a program and gives it up at a deadline.

/** True when `stop` was done in time; false when it was late or failed: the program ends either way. */
export async function stopWithin(deadlineMs: number, stop: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, deadlineMs);
  });
  const done = stop().then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => {
    clearTimeout(timer);
  });
}
