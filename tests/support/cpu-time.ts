// The processor time of a pure function. Unlike the time on the clock, it does not grow while other programs run.

const RUNS = 3;

/** The least of three runs, which excludes the compilation and collections of garbage. */
export function cpuMsOf(run: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
