// Availability and limits of a node, as API, dashboard and the node itself get them (api §1, protocol §3).
import type { AvailabilityView, LoadLimitsView } from '../../../shared/protocol/scheduler-messages';
import type { NodeRecord } from '../lifecycle/node-record';
import { availabilityReasons, availabilityStateOf } from './availability';
import { loadLimitsOf } from './load-limits';
import type { DispatchPolicy } from './policy';

/** `sinceWallMs`: when the present state began. */
export const availabilityView = (record: NodeRecord, policy: DispatchPolicy, sinceWallMs: number): AvailabilityView => ({
  state: availabilityStateOf(record, policy),
  reasons: availabilityReasons(record, policy),
  since: sinceWallMs,
});

export function loadLimitsView(record: NodeRecord, policy: DispatchPolicy): LoadLimitsView {
  const { cpuPercent: cpu, gpuPercent: gpu, memoryPercent: memory } = loadLimitsOf(record, policy);
  return {
    cpu_percent: cpu.percent,
    gpu_percent: gpu.percent,
    mem_percent: memory.percent,
    set_by: { cpu: cpu.setBy, gpu: gpu.setBy, mem: memory.setBy },
  };
}
