// Encodes hardware and load as `hardware`, `resource_usage` and `gpus` of the node protocol (protocol §2). The agent adds `running_jobs`.
import type { Gpu, Hardware, HeartbeatGpu, ResourceUsage } from '../../../shared/protocol/node-messages';
import { readingValue } from '../parse/reading';
import type { GpuAdapter, GpuLoad, HardwareReport, LoadReport } from '../parse/types';

/** The accepted adapters in order. Fields that are null are left out. */
export function toWireHardware(report: HardwareReport): Hardware {
  return {
    cpu_cores: report.cpuCores,
    memory_gb: report.memoryGb,
    gpus: report.adapters.flatMap((adapter) => {
      const gpu = toWireGpu(adapter);
      return gpu === null ? [] : [gpu];
    }),
  };
}

function toWireGpu(adapter: GpuAdapter): Gpu | null {
  if (!adapter.verdict.accepted || adapter.memoryGb === null) return null;
  return {
    name: adapter.name,
    memory_gb: adapter.memoryGb,
    ...(adapter.index === null ? {} : { index: adapter.index }),
    ...(adapter.uuid === null ? {} : { uuid: adapter.uuid }),
    vendor: adapter.vendor,
    ...(adapter.driverVersion === null ? {} : { driver_version: adapter.driverVersion }),
    ...(adapter.simulated ? { simulated: true } : {}),
  };
}

export interface WireLoad {
  readonly resource_usage: Omit<ResourceUsage, 'running_jobs'>;
  readonly gpus: HeartbeatGpu[];
}

/**
 * `gpu_percent` is the largest value of the usable GPUs. It is absent when none reports a value, and null when no GPU is usable.
 * The total of the CPU is mandatory in the protocol. Unknown is not zero: an unknown total is sent as 100. The scheduler judges the owner's
 * load instead. Unknown memory is null, and the scheduler does not judge it.
 */
export function toWireLoad(report: HardwareReport, load: LoadReport): WireLoad {
  const byKey = new Map(load.gpus.map((gpu) => [gpu.key, gpu]));
  const offered = report.adapters.filter((adapter) => toWireGpu(adapter) !== null);
  const gpus = offered.flatMap((adapter) => (adapter.index === null ? [] : [toWireHeartbeatGpu(adapter.index, byKey.get(adapter.key))]));
  const usable = gpus.filter((gpu) => gpu.available);
  const gpuPercent = usable.length === 0 ? null : largest(usable.map((gpu) => gpu.utilization_percent));
  const memPercent = largest(usable.map((gpu) => shareOf(gpu.memory_used_gb, gpu.memory_total_gb)));
  return {
    resource_usage: {
      cpu_percent: load.cpuPercent ?? 100,
      mem_percent: load.memPercent,
      ...(gpuPercent === undefined ? {} : { gpu_percent: gpuPercent }),
      ...(memPercent === undefined ? {} : { gpu_mem_percent: memPercent }),
    },
    gpus,
  };
}

/** An unusable GPU has no figures: the last known ones are out of date. */
function toWireHeartbeatGpu(index: number, load: GpuLoad | undefined): HeartbeatGpu {
  if (load?.available !== true) return { index, available: false };
  const { live } = load;
  return {
    index,
    ...present('utilization_percent', readingValue(live.utilizationPercent)),
    ...present('memory_used_gb', readingValue(live.memoryUsedGb)),
    ...present('memory_total_gb', readingValue(live.memoryTotalGb)),
    ...present('temperature_c', readingValue(live.temperatureC)),
    ...present('power_w', readingValue(live.powerW)),
    available: true,
  };
}

function present<Key extends string>(key: Key, value: number | null): Partial<Record<Key, number>> {
  return value === null ? {} : ({ [key]: value } as Record<Key, number>);
}

function largest(values: readonly (number | null | undefined)[]): number | undefined {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? undefined : Math.max(...known);
}

function shareOf(used: number | null | undefined, total: number | null | undefined): number | null {
  if (used == null || total == null || total <= 0) return null;
  return Math.min(100, Math.round((used / total) * 1000) / 10);
}
