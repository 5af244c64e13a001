// The owner's load: the load of this machine without the processes that work for the pool. CPU: all cores together. GPU: the card with
// the highest load, as `gpu_percent` of the heartbeat. Both are means over 30 s (load-window.ts).
//
// - Muster's own processes and commands never count, nor does a scheduler of the pool on this machine. A model server does not count while
//   it runs pool jobs, and 2 s after: when its owner uses the server directly, that is the owner's load.
// - While no pool job runs, the total of a GPU is the owner's.
// - While one runs and the system does not tell the use of the processes, the last mean stays. There may be none: null.
// - After a gap (sleep, a failed probe) the mean starts again.
import { ownerPercentOfClients, ownerPercentOfNvidia } from './owner-gpu';
import { EMPTY_WINDOW, type LoadWindow, meanOf, withReading } from './load-window';
import { ticksUsed } from './process-use';
import { MUSTER_GROUP, type PoolSample, type PoolUse } from '../parse/pool-sample';
import { readingValue } from '../parse/reading';
import type { GpuAdapter, GpuLoad } from '../parse/types';

/** A server may still compute for this time after the end of its job, and a driver's figure covers up to a second. */
export const SETTLE_MS = 2000;
/** Two samples that are further apart are not compared. */
const MAX_GAP_MS = 15_000;
/** A driver's figure is an instant: it stands for the time since the last one, at most for this time. */
const MAX_GPU_READING_MS = 5000;
const FIRST_GPU_READING_MS = 1000;

interface TimedSample {
  readonly sample: PoolSample;
  readonly atMonotonicMs: number;
}

export interface OwnerLoadState {
  readonly previous: TimedSample | null;
  readonly cpu: LoadWindow;
  /** By key of the adapter. */
  readonly gpus: ReadonlyMap<string, LoadWindow>;
}

export const NO_OWNER_LOAD: OwnerLoadState = { previous: null, cpu: EMPTY_WINDOW, gpus: new Map() };

export interface LoadObservation extends TimedSample {
  readonly use: PoolUse;
  readonly adapters: readonly GpuAdapter[];
  readonly gpus: readonly GpuLoad[];
}

/** Percent from 0 to 100. Null: unknown. */
export interface OwnerLoad {
  readonly ownerCpuPercent: number | null;
  readonly ownerGpuPercent: number | null;
}

/** Whether a pool job ran since that instant. */
export const isPoolWorking = (use: PoolUse, sinceMonotonicMs: number): boolean => ranSince(use.jobAtMonotonicMs, sinceMonotonicMs);

export function withObservation(state: OwnerLoadState, observation: LoadObservation): OwnerLoadState {
  const { sample, atMonotonicMs } = observation;
  const isGap = state.previous !== null && atMonotonicMs - state.previous.atMonotonicMs > MAX_GAP_MS;
  const { previous, cpu, gpus } = isGap ? NO_OWNER_LOAD : state;
  return {
    previous: { sample, atMonotonicMs },
    cpu: previous === null ? cpu : withCpu(cpu, previous, observation),
    gpus: withGpus(gpus, previous, observation),
  };
}

function withCpu(window: LoadWindow, previous: TimedSample, { sample, atMonotonicMs, use }: LoadObservation): LoadWindow {
  const from = previous.sample;
  const to = sample;
  if (from.cpu === null || to.cpu === null) return window;
  const total = to.cpu.total - from.cpu.total;
  const durationMs = atMonotonicMs - previous.atMonotonicMs;
  const pool = poolTicks(from, to, use, previous.atMonotonicMs);
  if (total <= 0 || durationMs <= 0 || pool === null) return window;
  return withReading(window, {
    endsAtMonotonicMs: atMonotonicMs,
    durationMs,
    percent: ((to.cpu.busy - from.cpu.busy - pool) / total) * 100,
  });
}

/** Null: unknown, because a process that worked for the pool was not found. */
function poolTicks(from: PoolSample, to: PoolSample, use: PoolUse, sinceMonotonicMs: number): number | null {
  const [before, now] = [from.groups, to.groups];
  if (before === null || now === null) return isPoolWorking(use, sinceMonotonicMs) ? null : 0;
  let ticks = 0;
  for (const id of poolGroupsOf(use, sinceMonotonicMs)) {
    const [old, current] = [before, now].map((groups) => groups.find((group) => group.id === id));
    if (old === undefined || current === undefined) return null;
    ticks += ticksUsed(old.processes, current.processes);
  }
  return ticks;
}

/** The groups whose processes worked for the pool at some time since that instant. */
function poolGroupsOf(use: PoolUse, sinceMonotonicMs: number): ReadonlySet<string> {
  const servers = use.servers.filter(({ usedAtMonotonicMs }) => ranSince(usedAtMonotonicMs, sinceMonotonicMs)).map(({ id }) => id);
  return new Set([MUSTER_GROUP, ...servers]);
}

const ranSince = (ranAtMonotonicMs: number | null, sinceMonotonicMs: number): boolean =>
  ranAtMonotonicMs !== null && ranAtMonotonicMs >= sinceMonotonicMs - SETTLE_MS;

function withGpus(
  windows: OwnerLoadState['gpus'],
  previous: TimedSample | null,
  observation: LoadObservation,
): ReadonlyMap<string, LoadWindow> {
  const { atMonotonicMs } = observation;
  const next = new Map<string, LoadWindow>();
  for (const gpu of observation.gpus.filter(({ available }) => available)) {
    const window = windows.get(gpu.key) ?? EMPTY_WINDOW;
    const percent = ownerGpuNow(gpu, previous, observation);
    const newest = window.at(-1);
    const elapsedMs = newest === undefined ? FIRST_GPU_READING_MS : atMonotonicMs - newest.endsAtMonotonicMs;
    const durationMs = Math.min(elapsedMs, MAX_GPU_READING_MS);
    const isNew = percent !== null && durationMs > 0;
    next.set(gpu.key, isNew ? withReading(window, { endsAtMonotonicMs: atMonotonicMs, durationMs, percent }) : window);
  }
  return next;
}

/** Null: there is no reading of the owner's use of this GPU now. */
function ownerGpuNow(gpu: GpuLoad, previous: TimedSample | null, { sample, atMonotonicMs, use, adapters }: LoadObservation): number | null {
  const total = readingValue(gpu.live.utilizationPercent);
  const sinceMonotonicMs = previous?.atMonotonicMs ?? atMonotonicMs;
  const adapter = adapters.find(({ key }) => key === gpu.key);
  if (total === null || adapter === undefined) return null;
  // The figures of a simulated GPU never change, so a job has no part in them.
  if (!isPoolWorking(use, sinceMonotonicMs) || adapter.simulated) return total;
  const groups = poolGroupsOf(use, sinceMonotonicMs);
  // A server that was not found is not in the list of processes either.
  const foundIds = new Set(sample.groups?.map(({ id }) => id));
  if ([...groups].some((id) => !foundIds.has(id))) return null;
  if (adapter.source === 'nvidia-smi') {
    const card = sample.nvidia?.find(({ index }) => index === adapter.index);
    return card === undefined ? null : ownerPercentOfNvidia(card, groups);
  }
  const before = previous?.sample.clients ?? null;
  if (adapter.busAddress === null || before === null || previous === null || sample.clients === null) return null;
  const times = { before, now: sample.clients, elapsedMs: Math.max(1, atMonotonicMs - previous.atMonotonicMs) };
  return ownerPercentOfClients(total, adapter.busAddress, times, groups);
}

/** The present means. */
export const ownerLoadOf = (state: OwnerLoadState, gpus: readonly GpuLoad[]): OwnerLoad => ({
  ownerCpuPercent: meanOf(state.cpu),
  ownerGpuPercent: ownerGpuPercentOf(gpus, (key) => ownerMeanOf(state, key)),
});

/** Cards that report no total are left out, as in `gpu_percent`; null when the owner's part of one card is unknown. */
export function ownerGpuPercentOf(gpus: readonly GpuLoad[], meanOfGpu: (key: string) => number | null): number | null {
  const reporting = gpus.filter(({ available, live }) => available && live.utilizationPercent.known);
  const percents = reporting.map(({ key }) => meanOfGpu(key));
  const known = percents.filter((percent) => percent !== null);
  return percents.length === 0 || known.length < percents.length ? null : Math.max(...known);
}

/** The owner's mean use of one card. Null: unknown. */
export const ownerMeanOf = (state: OwnerLoadState, key: string): number | null => meanOf(state.gpus.get(key) ?? EMPTY_WINDOW);

/** The lists of nvidia-smi come with every second reading or later. */
const RECENT_MS = 10_000;

/** The owner's use of one card at its last reading. Null: there is none, or it is too old to stand for this moment. */
export function ownerNowOf(state: OwnerLoadState, key: string, nowMonotonicMs: number): number | null {
  const newest = state.gpus.get(key)?.at(-1);
  if (newest === undefined || nowMonotonicMs - newest.endsAtMonotonicMs > RECENT_MS) return null;
  return Math.min(100, Math.max(0, Math.round(newest.percent * 10) / 10));
}
