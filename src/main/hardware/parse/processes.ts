// Parses systeminformation's list of processes and finds running processes by name.
import { isRecord } from '../../../shared/json';

/** The name for comparisons: lower case, without path and `.exe`. */
export function processName(name: string): string {
  const base = name.trim().split(/[\\/]/).at(-1) ?? '';
  return base.toLowerCase().replace(/\.exe$/, '');
}

const MAX_PROCESSES = 20_000;

/**
 * The names of all running processes: of the program, and of the script when an interpreter runs one (the library reports either).
 * Zombies have ended. Null: the list is empty or unreadable, which does not mean that nothing runs.
 */
export function parseProcesses(processes: unknown): readonly string[] | null {
  const list = isRecord(processes) ? processes['list'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return null;
  const names = new Set<string>();
  for (const entry of list.slice(0, MAX_PROCESSES) as readonly unknown[]) {
    if (!isRecord(entry) || entry['state'] === 'zombie' || entry['state'] === 'dead') continue;
    const path = text(entry['path']);
    const command = text(entry['command']);
    const started = path === '' ? command : `${path}/${command}`;
    for (const name of [text(entry['name']), command, started.split(' ')[0] ?? '']) {
      if (name !== '') names.add(processName(name));
    }
  }
  names.delete('');
  return [...names];
}

/** The `names`, in their own spelling, that are in the list of running processes. */
export function runningNames(names: readonly string[], alive: readonly string[]): ReadonlySet<string> {
  const living = new Set(alive);
  return new Set(names.filter((name) => living.has(processName(name))));
}

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 512) : '');
