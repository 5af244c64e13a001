// Parses `ps -A -o pid=,ppid=,time=,comm=` of macOS.
import { processName } from './processes';
import type { ProcessStat } from './linux-processes';

export const MAC_PS_ARGUMENTS: readonly string[] = ['-A', '-o', 'pid=,ppid=,time=,comm='];

const LINE = /^\s*(\d{1,10})\s+(\d{1,10})\s+(?:(\d{1,6})-)?(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2})(?:[.,](\d{1,2}))?\s+(\S.*?)\s*$/;
const MAX_PROCESSES = 20_000;

/** Ticks are hundredths of a second. ps reports neither ended children nor, at this price, the start: both are 0. */
export function parseMacProcesses(text: string): readonly ProcessStat[] {
  return text
    .split('\n')
    .slice(0, MAX_PROCESSES)
    .flatMap((line) => {
      const match = LINE.exec(line);
      if (match === null) return [];
      const [, pid, parentPid, days = '0', hours = '0', minutes, seconds, fraction = '0', command = ''] = match;
      const wholeSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
      return [
        {
          pid: Number(pid),
          parentPid: Number(parentPid),
          startTicks: 0,
          ownTicks: wholeSeconds * 100 + Number(fraction.padEnd(2, '0')),
          endedTicks: 0,
          name: processName(command),
        },
      ];
    });
}
