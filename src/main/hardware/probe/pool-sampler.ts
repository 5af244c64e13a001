// Samples what the pool's processes use, in the probe process. Linux: by pid. macOS: with `ps`, only while a pool job runs. Windows: not
// at all, because the times of processes need PowerShell, which is too expensive for each reading.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseCpuTicks, timesOf } from '../parse/linux-processes';
import { MAC_PS_ARGUMENTS, parseMacProcesses } from '../parse/mac-processes';
import { type CpuTicks, MUSTER_GROUP, type PoolSample, type ProcessGroup } from '../parse/pool-sample';
import type { PoolQuery } from './probe-messages';
import { type ClassifyProcess, NvidiaProcesses } from './nvidia-processes';
import { readGpuClients, readProgramClients } from './drm-clients';
import { groupsOf } from '../decide/process-groups';
import type { NvidiaRow } from '../parse/nvidia-csv';
import { readProcess, readSmallFile, readTrees } from './process-trees';
import { runTool } from './run-tool';
import { ServerFinder } from './server-finder';

export interface NvidiaState {
  /** Null: nvidia-smi is not installed, or it hangs. */
  readonly path: string | null;
  readonly rows: readonly NvidiaRow[];
}

/** Every second reading: processes change slowly, and each list costs a program or thousands of reads. */
const BUSY_INTERVAL_MS = 5000;
/** While no pool job runs and the owner does not look at the programs, the lists only tell the memory of the pool. */
const IDLE_INTERVAL_MS = 30_000;
const PS_LIMITS = { timeoutMs: 1000, maxBytes: 4 * 1024 * 1024 };

export class PoolSampler {
  readonly #servers = new ServerFinder();
  readonly #nvidia = new NvidiaProcesses();
  #clientsReadAtMonotonicMs: number | null = null;

  async sample(query: PoolQuery, procRoot: string, nvidia: NvidiaState): Promise<PoolSample> {
    if (process.platform !== 'linux') {
      const groups = process.platform === 'darwin' && query.isWorking ? await macGroups(query) : null;
      return { cpu: osTicks(), groups, nvidia: null, clients: null, programs: null };
    }
    const cpu = parseCpuTicks(readSmallFile(join(procRoot, 'stat')) ?? '');
    const groups = this.#linuxGroups(query, procRoot);
    const intervalMs = query.isWorking || query.isViewed ? BUSY_INTERVAL_MS : IDLE_INTERVAL_MS;
    const ended = this.#nvidia.take();
    if (nvidia.path !== null)
      this.#nvidia.refresh(nvidia.path, nvidia.rows, intervalMs, () =>
        classifier(procRoot, [...groups, ...this.#linuxGroups(query, procRoot)]),
      );
    return { cpu, groups, nvidia: ended, ...this.#clients(query, procRoot, groups, intervalMs) };
  }

  #clients(
    { readsClients, isWorking, isViewed }: PoolQuery,
    procRoot: string,
    groups: readonly ProcessGroup[],
    intervalMs: number,
  ): Pick<PoolSample, 'clients' | 'programs'> {
    const nowMonotonicMs = performance.now();
    const isDue = this.#clientsReadAtMonotonicMs === null || nowMonotonicMs - this.#clientsReadAtMonotonicMs >= intervalMs;
    if (!readsClients || !(isWorking || isDue)) return { clients: null, programs: null };
    if (isDue) this.#clientsReadAtMonotonicMs = nowMonotonicMs;
    const groupByPid = groupsByPid(groups);
    return {
      clients: readGpuClients(procRoot, groups),
      programs: isViewed && isDue ? readProgramClients(procRoot, (pid) => groupByPid.get(pid) ?? null) : null,
    };
  }

  /** A server inside Muster's tree is its own group. A server of this very process is part of Muster. */
  #linuxGroups({ pids, ports, servers }: PoolQuery, procRoot: string): readonly ProcessGroup[] {
    const programs = ports.map((port) => ({ id: portId(port), port, processNames: [] }));
    const roots = this.#servers.find(procRoot, [...servers, ...programs]);
    const own = [...pids, ...ports.flatMap((port) => roots.get(portId(port)) ?? [])];
    const taken = new Set<number>();
    const groupOf = (id: string, pidsOfRoots: readonly number[]): ProcessGroup => ({
      id,
      processes: readTrees(procRoot, pidsOfRoots, taken).map(timesOf),
    });
    const found = servers.map(({ id }) =>
      groupOf(
        id,
        (roots.get(id) ?? []).filter((pid) => !own.includes(pid)),
      ),
    );
    return [...found.filter(({ processes }) => processes.length > 0), groupOf(MUSTER_GROUP, own)];
  }
}

const portId = (port: number): string => `port ${String(port)}`;

function classifier(procRoot: string, groups: readonly ProcessGroup[]): ClassifyProcess {
  const groupByPid = groupsByPid(groups);
  return (pid) => {
    const group = groupByPid.get(pid) ?? null;
    const process = readProcess(procRoot, pid);
    return { group, exists: group !== null || process !== null, name: process?.name ?? null };
  };
}

const groupsByPid = (groups: readonly ProcessGroup[]): ReadonlyMap<number, string> =>
  new Map(groups.flatMap(({ id, processes }) => processes.map(({ pid }) => [pid, id] as const)));

function osTicks(): CpuTicks {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const coreBusyMs = times.user + times.nice + times.sys + times.irq;
    busy += coreBusyMs / MS_PER_TICK;
    total += (coreBusyMs + times.idle) / MS_PER_TICK;
  }
  return { busy, total };
}
/** The unit of `parseMacProcesses`. */
const MS_PER_TICK = 10;

/** Null: ps failed. */
async function macGroups({ pids, servers }: PoolQuery): Promise<readonly ProcessGroup[] | null> {
  const listed = await runTool('/bin/ps', MAC_PS_ARGUMENTS, PS_LIMITS).outcome;
  if (listed.kind !== 'exited' || listed.code !== 0) return null;
  return groupsOf(parseMacProcesses(listed.stdout), { pids, servers });
}
