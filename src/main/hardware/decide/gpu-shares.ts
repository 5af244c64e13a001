// How the pool and the owner share each GPU: the memory that the pool's programs hold, and the programs on the card. The lists of processes
// come seldom (probe/pool-sampler.ts), so the last one stays for a time.
//
// - A model server holds its memory for the pool, also while it runs no job: the pool loads its models. Only its use may be the owner's.
// - The memory of the pool is unknown when one of its processes was not found, or its memory is not reported.
import { MAX_GPU_PROGRAMS } from '../../../shared/api/gpu';
import type { GpuClient, GpuProcesses, PoolSample, PoolUse, ProgramClient } from '../parse/pool-sample';
import type { GpuAdapter, GpuLoad, GpuProgram, GpuShare } from '../parse/types';
import { type OwnerLoadState, ownerMeanOf, ownerNowOf } from './owner-load';

/** Longer than the longest interval of the lists (30 s) and a slow list. */
const MAX_LIST_AGE_MS = 75_000;

interface Timed<Value> {
  readonly value: Value;
  readonly atMonotonicMs: number;
}

export interface GpuSharesState {
  /** By key of the adapter. */
  readonly programs: ReadonlyMap<string, Timed<readonly GpuProgram[]>>;
  readonly poolMemoryGb: ReadonlyMap<string, Timed<number | null>>;
  /** The device files of the last list, to compute the use between two lists. */
  readonly clients: Timed<readonly ProgramClient[]> | null;
}

export const NO_SHARES: GpuSharesState = { programs: new Map(), poolMemoryGb: new Map(), clients: null };

export interface SharesObservation {
  readonly sample: PoolSample;
  readonly use: PoolUse;
  readonly adapters: readonly GpuAdapter[];
  readonly atMonotonicMs: number;
}

export function withShares(state: GpuSharesState, observation: SharesObservation): GpuSharesState {
  const { sample, atMonotonicMs, adapters } = observation;
  const isComplete = findsAllServers(observation);
  const at = <Value>(value: Value): Timed<Value> => ({ value, atMonotonicMs });
  const programs = new Map(state.programs);
  const poolMemoryGb = new Map(state.poolMemoryGb);
  for (const adapter of adapters.filter(({ verdict }) => verdict.accepted)) {
    const card = adapter.source === 'nvidia-smi' ? sample.nvidia?.find(({ index }) => index === adapter.index) : undefined;
    if (card !== undefined) {
      programs.set(adapter.key, at(ordered(card.processes.map(programOfProcess))));
      poolMemoryGb.set(adapter.key, at(isComplete ? memoryOfProcesses(card.processes) : null));
    }
    const { busAddress } = adapter;
    if (adapter.source !== 'sysfs' || busAddress === null) continue;
    if (sample.clients !== null) poolMemoryGb.set(adapter.key, at(isComplete ? memoryOfClients(sample.clients, busAddress) : null));
    if (sample.programs !== null)
      programs.set(adapter.key, at(ordered(programsOfClients(sample.programs, busAddress, state, atMonotonicMs))));
  }
  return { programs, poolMemoryGb, clients: sample.programs === null ? state.clients : at(sample.programs) };
}

/** One share for each load. */
export function sharesOf(
  state: GpuSharesState,
  owner: OwnerLoadState,
  { adapters, gpus }: { readonly adapters: readonly GpuAdapter[]; readonly gpus: readonly GpuLoad[] },
  nowMonotonicMs: number,
): readonly GpuShare[] {
  return gpus.map(({ key }): GpuShare => {
    const use = { key, ownerPercent: ownerNowOf(owner, key, nowMonotonicMs), ownerMeanPercent: ownerMeanOf(owner, key) };
    // No program runs on a simulated card.
    if (adapters.some((adapter) => adapter.key === key && adapter.simulated))
      return { ...use, poolMemoryGb: 0, programs: { list: [], ageMs: 0 } };
    const programs = recent(state.programs.get(key), nowMonotonicMs);
    return {
      ...use,
      poolMemoryGb: recent(state.poolMemoryGb.get(key), nowMonotonicMs)?.value ?? null,
      programs: programs === null ? null : { list: programs.value, ageMs: Math.round(nowMonotonicMs - programs.atMonotonicMs) },
    };
  });
}

const recent = <Value>(timed: Timed<Value> | undefined, nowMonotonicMs: number): Timed<Value> | null =>
  timed === undefined || nowMonotonicMs - timed.atMonotonicMs > MAX_LIST_AGE_MS ? null : timed;

function findsAllServers({ sample, use }: SharesObservation): boolean {
  const found = new Set(sample.groups?.map(({ id }) => id));
  return use.servers.every(({ id }) => found.has(id));
}

const programOfProcess = ({ pid, name, share, memoryGb, group }: GpuProcesses['processes'][number]): GpuProgram => ({
  pid,
  name,
  percent: share,
  memoryGb,
  isPool: group !== null,
});

/** A process that this machine does not know may be a model server in a container. */
function memoryOfProcesses(processes: GpuProcesses['processes']): number | null {
  if (processes.some(({ exists }) => !exists)) return null;
  return sumOf(processes.filter(({ group }) => group !== null).map(({ memoryGb }) => memoryGb));
}

const memoryOfClients = (clients: readonly GpuClient[], busAddress: string): number | null =>
  sumOf(clients.filter((client) => client.busAddress === busAddress).map(({ memoryGb }) => memoryGb));

/** Null: one of the values is unknown. */
function sumOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return Math.round(sum * 100) / 100;
}

/** One program for each process: its open files are added up. */
function programsOfClients(
  clients: readonly ProgramClient[],
  busAddress: string,
  { clients: last }: GpuSharesState,
  atMonotonicMs: number,
): readonly GpuProgram[] {
  const before = new Map(last?.value.map((client) => [keyOf(client), client.busyNs]));
  const elapsedMs = last === null ? null : Math.max(1, atMonotonicMs - last.atMonotonicMs);
  const byPid = new Map<number, GpuProgram>();
  for (const client of clients) {
    if (client.busAddress !== busAddress) continue;
    const earlierNs = before.get(keyOf(client));
    const isComparable = elapsedMs !== null && elapsedMs <= MAX_LIST_AGE_MS && earlierNs !== undefined;
    const percent = isComparable ? Math.min(100, (Math.max(0, client.busyNs - earlierNs) / 1e6 / elapsedMs) * 100) : null;
    const { pid, name, memoryGb } = client;
    const same = byPid.get(pid);
    byPid.set(pid, {
      pid,
      name,
      percent: percent === null ? (same?.percent ?? null) : Math.round(Math.min(100, (same?.percent ?? 0) + percent) * 10) / 10,
      memoryGb: memoryGb === null ? (same?.memoryGb ?? null) : Math.round(((same?.memoryGb ?? 0) + memoryGb) * 100) / 100,
      isPool: client.group !== null,
    });
  }
  return [...byPid.values()];
}

const keyOf = ({ busAddress, clientId }: ProgramClient): string => `${busAddress} ${clientId}`;

const ordered = (programs: readonly GpuProgram[]): readonly GpuProgram[] =>
  programs
    .toSorted((a, b) => (b.memoryGb ?? -1) - (a.memoryGb ?? -1) || (b.percent ?? -1) - (a.percent ?? -1) || a.pid - b.pid)
    .slice(0, MAX_GPU_PROGRAMS);
