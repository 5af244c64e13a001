// Builds the groups of the pool's processes from a list of all processes.
import { type ProcessStat, timesOf } from '../parse/linux-processes';
import { MUSTER_GROUP, type PoolServer, type ProcessGroup } from '../parse/pool-sample';

interface PoolRoots {
  readonly pids: readonly number[];
  readonly servers: readonly PoolServer[];
}

/** Servers are found by name. A server that does not run is left out; a server inside Muster's tree is its own group. */
export function groupsOf(processes: readonly ProcessStat[], { pids, servers }: PoolRoots): readonly ProcessGroup[] {
  const children = new Map<number, ProcessStat[]>();
  for (const process of processes) {
    const siblings = children.get(process.parentPid);
    if (siblings === undefined) children.set(process.parentPid, [process]);
    else siblings.push(process);
  }
  const taken = new Set<number>();
  const treeOf = (id: string, roots: readonly ProcessStat[]): ProcessGroup => {
    const found: ProcessStat[] = [];
    const waiting = [...roots];
    for (let process = waiting.pop(); process !== undefined; process = waiting.pop()) {
      if (taken.has(process.pid)) continue;
      taken.add(process.pid);
      found.push(process);
      waiting.push(...(children.get(process.pid) ?? []));
    }
    return { id, processes: found.map(timesOf) };
  };
  const named = servers.map(({ id, processNames }) =>
    treeOf(
      id,
      processes.filter(({ name }) => processNames.includes(name.toLowerCase())),
    ),
  );
  const own = treeOf(
    MUSTER_GROUP,
    processes.filter(({ pid }) => pids.includes(pid)),
  );
  return [...named.filter((group) => group.processes.length > 0), own];
}
