// The limits of the owner's load from `agent.share` and `agent.limits` (docs/dispatch.md, Limits). A single limit comes before the mode.
import type { OwnerLimits } from '../../../shared/protocol/node-messages';
import type { AgentConfig, ShareMode } from '../../platform/config/config';

type ThreeLimits = Required<OwnerLimits>;

const MODES: Readonly<Record<ShareMode, ThreeLimits>> = {
  idle: { cpu_percent: 25, gpu_percent: 25, mem_percent: 90 },
  polite: { cpu_percent: 60, gpu_percent: 25, mem_percent: 90 },
  always: { cpu_percent: null, gpu_percent: null, mem_percent: null },
};

/** Null: the owner set nothing. A limit that the owner did not set is absent. */
export function ownerLimitsOf({ share, limits }: Pick<AgentConfig, 'share' | 'limits'>): OwnerLimits | null {
  const own: OwnerLimits = {
    ...(share === null ? {} : MODES[share]),
    ...(limits.cpuPercent === null ? {} : { cpu_percent: limitOrNull(limits.cpuPercent) }),
    ...(limits.gpuPercent === null ? {} : { gpu_percent: limitOrNull(limits.gpuPercent) }),
    ...(limits.memoryPercent === null ? {} : { mem_percent: limitOrNull(limits.memoryPercent) }),
  };
  return Object.keys(own).length === 0 ? null : own;
}

/** 100 sets no limit. */
const limitOrNull = (percent: number): number | null => (percent >= 100 ? null : percent);
