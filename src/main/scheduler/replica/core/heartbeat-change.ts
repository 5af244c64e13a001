// What a heartbeat changes for the leader, compared with the last one of the same connection.
import type { HeartbeatGpu, NodeHeartbeat, ResourceUsage } from '../../../../shared/protocol/node-messages';
import type { Figures } from './node-records';

/**
 * `nothing`: only the time. `figures`: a little more or less load. `load`: much, or the number of running jobs, or whether a figure is known.
 * `profile`: anything else, such as the models.
 */
export type HeartbeatChange = 'nothing' | 'figures' | 'load' | 'profile';

/** A smaller change of a percentage waits for the heartbeats of other nodes. */
const MUCH_PERCENT = 5;

/** What the last heartbeat reported. */
export interface Reported extends Figures {
  /** Everything but the figures, as text. */
  readonly profile: string;
}

export function reportedBy({
  resource_usage: usage,
  gpus,
  timestamp: _time,
  type: _type,
  node_id: _node,
  ...profile
}: NodeHeartbeat): Reported {
  return { usage, gpus: gpus ?? null, profile: JSON.stringify(profile) };
}

/** `previous` null: there was no heartbeat since the registration. */
export function heartbeatChange(previous: Reported | null, next: Reported): HeartbeatChange {
  if (previous === null || previous.profile !== next.profile) return 'profile';
  const changes = [usageChange(previous.usage, next.usage), gpusChange(previous.gpus, next.gpus)];
  return changes.includes('load') ? 'load' : changes.includes('figures') ? 'figures' : 'nothing';
}

type FigureChange = Exclude<HeartbeatChange, 'profile'>;

function usageChange(a: ResourceUsage, b: ResourceUsage): FigureChange {
  if (a.running_jobs !== b.running_jobs) return 'load';
  return largest([
    figureChange(a.cpu_percent, b.cpu_percent),
    figureChange(a.mem_percent, b.mem_percent),
    figureChange(a.gpu_percent, b.gpu_percent),
    figureChange(a.gpu_mem_percent, b.gpu_mem_percent),
    figureChange(a.owner_cpu_percent, b.owner_cpu_percent),
    figureChange(a.owner_gpu_percent, b.owner_gpu_percent),
  ]);
}

function gpusChange(a: readonly HeartbeatGpu[] | null, b: readonly HeartbeatGpu[] | null): FigureChange {
  if (a === null || b === null) return a === b ? 'nothing' : 'load';
  if (a.length !== b.length) return 'load';
  return largest(b.map((gpu, i) => gpuChange(a[i], gpu)));
}

/** Temperature and power are only shown. */
function gpuChange(a: HeartbeatGpu | undefined, b: HeartbeatGpu): FigureChange {
  if (a?.index !== b.index || a.available !== b.available) return 'load';
  const isShown = a.temperature_c === b.temperature_c && a.power_w === b.power_w && a.memory_total_gb === b.memory_total_gb;
  const memory = [memoryPercent(a), memoryPercent(b)] as const;
  return largest([figureChange(a.utilization_percent, b.utilization_percent), figureChange(...memory), isShown ? 'nothing' : 'figures']);
}

const memoryPercent = ({ memory_used_gb: used, memory_total_gb: total }: HeartbeatGpu): number | null =>
  used == null || total == null || total === 0 ? null : (used / total) * 100;

/** Undefined and null differ: not measured, and not known now. */
function figureChange(a: number | null | undefined, b: number | null | undefined): FigureChange {
  if (a === b) return 'nothing';
  if (a == null || b == null) return 'load';
  return Math.abs(a - b) < MUCH_PERCENT ? 'figures' : 'load';
}

const largest = (changes: readonly FigureChange[]): FigureChange =>
  changes.includes('load') ? 'load' : changes.includes('figures') ? 'figures' : 'nothing';
