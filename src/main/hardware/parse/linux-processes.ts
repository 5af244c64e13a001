// Parses the files of Linux's procfs: processor ticks of the machine and of single processes, children, listening sockets.
import type { CpuTicks, ProcessTimes } from './pool-sample';

/** One process. Times in clock ticks, as the machine's. */
export interface ProcessStat extends ProcessTimes {
  /** The name of the program, cut to 15 characters by the kernel. */
  readonly name: string;
}

/**
 * The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Waiting for a disk is idle, and stolen time is
 * another machine's. Null: unreadable.
 */
export function parseCpuTicks(text: string): CpuTicks | null {
  const columns = /^cpu +(\d[\d ]*)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number);
  if (columns === undefined || columns.length < 4) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0] = columns;
  const busy = user + nice + system + irq + softirq;
  return { busy, total: busy + idle + iowait };
}

const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const ENDED_USER_TICKS = 13;
const ENDED_SYSTEM_TICKS = 14;
const START_TICKS = 19;

/** `/proc/<pid>/stat`. The name may contain spaces and parentheses. Null: unreadable, for example because the process has ended. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return null;
  const columns = text.slice(close + 2).split(' ');
  const numberAt = (index: number): number => Number(columns[index] ?? NaN);
  const stat: ProcessStat = {
    pid: Number(text.slice(0, open)),
    parentPid: numberAt(PARENT),
    startTicks: numberAt(START_TICKS),
    ownTicks: numberAt(USER_TICKS) + numberAt(SYSTEM_TICKS),
    endedTicks: numberAt(ENDED_USER_TICKS) + numberAt(ENDED_SYSTEM_TICKS),
    name: text.slice(open + 1, close),
  };
  const { pid, parentPid, startTicks, ownTicks, endedTicks } = stat;
  return [pid, parentPid, startTicks, ownTicks, endedTicks].every((value) => Number.isSafeInteger(value) && value >= 0) ? stat : null;
}

export const timesOf = ({ name: _name, ...times }: ProcessStat): ProcessTimes => times;

/** Process ids separated by blanks (`/proc/<pid>/task/<tid>/children`). */
export const parsePids = (text: string): readonly number[] => (/^[\d\s]*$/.test(text) ? (text.match(/\d{1,10}/g) ?? []).map(Number) : []);

export interface Listener {
  /** Identifies the socket among the open files of a process. */
  readonly inode: string;
  readonly uid: number;
}

const LISTENING = '0A';
const MAX_LISTENERS = 16;

/** The sockets of `/proc/net/tcp` or `tcp6` that listen on the port, at any address. */
export function parseListeners(text: string, port: number): readonly Listener[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listeners: Listener[] = [];
  for (const line of text.split('\n')) {
    const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
    if (state !== LISTENING || !local.endsWith(suffix) || !/^\d{1,20}$/.test(inode) || !/^\d{1,10}$/.test(uid)) continue;
    if (listeners.length < MAX_LISTENERS) listeners.push({ inode, uid: Number(uid) });
  }
  return listeners;
}
