// Reads the processes that work for the pool on Linux: from their roots down, never the list of all processes. The reads are
// synchronous, because procfs answers from memory: a process costs 0.01 ms, and 0.2 ms with promises.
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parsePids, parseProcessStat, type ProcessStat } from '../parse/linux-processes';

/** Limits of one sample: processes, and threads whose children are read. */
const MAX_PROCESSES = 1024;
const MAX_THREADS = 8192;

const buffer = Buffer.allocUnsafe(64 * 1024);

/** The first 64 KiB. Null: no such file, or no permission. */
export function readSmallFile(path: string): string | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    return buffer.toString('latin1', 0, readSync(descriptor, buffer));
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

export function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The target of a link. Empty: no such link, or no permission. */
export function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Null: the process has ended. */
export function readProcess(procRoot: string, pid: number): ProcessStat | null {
  const text = readSmallFile(join(procRoot, String(pid), 'stat'));
  return text === null ? null : parseProcessStat(text);
}

/** The processes with their children, at any depth, without those in `taken`. Adds their pids to `taken`. */
export function readTrees(procRoot: string, roots: readonly number[], taken: Set<number>): readonly ProcessStat[] {
  const found: ProcessStat[] = [];
  const waiting = [...roots];
  const threads = { left: MAX_THREADS };
  for (let pid = waiting.pop(); pid !== undefined && found.length < MAX_PROCESSES; pid = waiting.pop()) {
    if (taken.has(pid)) continue;
    const process = readProcess(procRoot, pid);
    if (process === null) continue;
    taken.add(pid);
    found.push(process);
    waiting.push(...childrenOf(procRoot, pid, threads));
  }
  return found;
}

/** Each thread has its own list of children. */
function childrenOf(procRoot: string, pid: number, threads: { left: number }): readonly number[] {
  const folder = join(procRoot, String(pid), 'task');
  const children: number[] = [];
  for (const thread of readNames(folder)) {
    if (threads.left-- <= 0) break;
    children.push(...parsePids(readSmallFile(join(folder, thread, 'children')) ?? ''));
  }
  return children;
}
