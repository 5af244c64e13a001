// The processor time that a group of processes used between two samples. Short-lived children count: their parent collects their time.
import type { ProcessTimes } from '../parse/pool-sample';

/**
 * Ticks used by the processes and by children that ended and were waited for. A process that is new and has no parent in the group was
 * not started by the group: its earlier time does not count. Never negative.
 */
export function ticksUsed(before: readonly ProcessTimes[], now: readonly ProcessTimes[]): number {
  const earlier = new Map(before.map((process) => [keyOf(process), process]));
  const pids = new Set(now.map(({ pid }) => pid));
  const counted = ticksOfEndedByAncestor(before, new Set(now.map(keyOf)));
  let ticks = 0;
  for (const process of now) {
    const key = keyOf(process);
    const old = earlier.get(key);
    if (old === undefined) {
      if (pids.has(process.parentPid)) ticks += process.ownTicks + process.endedTicks;
      continue;
    }
    ticks += Math.max(0, process.ownTicks - old.ownTicks);
    ticks += Math.max(0, process.endedTicks - old.endedTicks - (counted.get(key) ?? 0));
  }
  return ticks;
}

/**
 * The earlier ticks of each process that has ended, by its nearest ancestor that still runs. That ancestor collected the whole time of
 * the process, of which this part was counted in earlier samples.
 */
function ticksOfEndedByAncestor(before: readonly ProcessTimes[], running: ReadonlySet<string>): ReadonlyMap<string, number> {
  const byPid = new Map(before.map((process) => [process.pid, process]));
  const counted = new Map<string, number>();
  for (const process of before) {
    if (running.has(keyOf(process))) continue;
    let ancestor = byPid.get(process.parentPid);
    // A list of processes has no cycle, but two moments of reading may make one.
    for (let depth = 0; ancestor !== undefined && !running.has(keyOf(ancestor)) && depth < before.length; depth++)
      ancestor = byPid.get(ancestor.parentPid);
    if (ancestor === undefined || !running.has(keyOf(ancestor))) continue;
    counted.set(keyOf(ancestor), (counted.get(keyOf(ancestor)) ?? 0) + process.ownTicks + process.endedTicks);
  }
  return counted;
}

const keyOf = ({ pid, startTicks }: ProcessTimes): string => `${String(pid)}/${String(startTicks)}`;
