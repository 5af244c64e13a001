// The limits of the owner's load from `agent.share` and `agent.limits` (docs/dispatch.md, Limits). A single limit comes before the mode.
import type { OwnerLimits } from '../../../shared/protocol/node-messages';
import { LIMITS_OF_MODE } from '../../../shared/api/share-modes';
import type { AgentConfig } from '../../platform/config/config';

/** Null: the owner set nothing. A limit that the owner did not set is absent. */
export function ownerLimitsOf({ share, limits }: Pick<AgentConfig, 'share' | 'limits'>): OwnerLimits | null {
  const own: OwnerLimits = {
    ...(share === null ? {} : LIMITS_OF_MODE[share]),
    ...(limits.cpuPercent === null ? {} : { cpu_percent: limitOrNull(limits.cpuPercent) }),
    ...(limits.gpuPercent === null ? {} : { gpu_percent: limitOrNull(limits.gpuPercent) }),
    ...(limits.memoryPercent === null ? {} : { mem_percent: limitOrNull(limits.memoryPercent) }),
  };
  return Object.keys(own).length === 0 ? null : own;
}

/** 100 sets no limit. */
const limitOrNull = (percent: number): number | null => (percent >= 100 ? null : percent);
