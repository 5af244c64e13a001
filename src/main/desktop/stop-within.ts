// Runs the stop function of a program with a timeout.

/** True when `stop` finished in time; false when it was late or failed. The program ends in both cases. */
export async function stopWithin(timeoutMs: number, stop: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, timeoutMs);
  });
  const done = stop().then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => {
    clearTimeout(timer);
  });
}
