// Which processes are alive by name, from systeminformation's list. Pure.

/** As compared: lower case, without a path and without `.exe`. */
export function processName(name: string): string {
  const base = name.trim().split(/[\\/]/).at(-1) ?? '';
  return base.toLowerCase().replace(/\.exe$/, '');
}

const MOST_PROCESSES = 20_000;

/**
 * The names of every living process: the program's, and the script's where an interpreter runs one (the library reports
 * either). A zombie has ended. Null when the list is empty or unreadable: no `ps` here is not "nothing runs".
 */
export function mapProcesses(processes: unknown): readonly string[] | null {
  const list = isRecord(processes) ? processes['list'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return null;
  const names = new Set<string>();
  for (const entry of list.slice(0, MOST_PROCESSES) as readonly unknown[]) {
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

/** Those of `names`, as the asker spelled them, that are alive. */
export function namesAlive(names: readonly string[], alive: readonly string[]): ReadonlySet<string> {
  const living = new Set(alive);
  return new Set(names.filter((name) => living.has(processName(name))));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 512) : '');
