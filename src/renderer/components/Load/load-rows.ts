// The load of a node as rows: the owner's share, the pool's share, and the limit. Pure.
import type { AgentView, HardwareView } from '../../../shared/api/agent-view';
import { availabilityOf, type AvailabilitySource, overUses, READY_STATES } from '../../../shared/api/availability';
import type { OverUse, Use } from '../../../shared/api/exclusion-facts';
import type { NodeView } from '../../../shared/api/node-view';
import type { LoadLimitsView } from '../../../shared/protocol/scheduler-messages';
import type { LimitSource } from '../../../shared/protocol/status';

/** The settings with the owner's own limits. */
export const LIMIT_KEYS = { cpu: 'agent.limits.cpu_percent', gpu: 'agent.limits.gpu_percent', mem: 'agent.limits.mem_percent' } as const;

export interface LoadRow {
  readonly use: Use;
  /** 0-100. Null: not known. */
  readonly totalPercent: number | null;
  /** Null: the shares of owner and pool are not known. Memory is not divided: its free space counts, not its user. */
  readonly shares: { readonly ownerPercent: number; readonly poolPercent: number } | null;
  /** Null: not reported. */
  readonly limit: { readonly percent: number | null; readonly setBy: LimitSource } | null;
  /** As the scheduler judges the load. Null: there is no limit, or the load does not decide now. */
  readonly result: 'below' | 'above' | null;
}

type Percent = number | null | undefined;

interface Figures {
  readonly cpu: Percent;
  readonly gpu: Percent;
  readonly mem: Percent;
  readonly ownerCpu: Percent;
  readonly ownerGpu: Percent;
}

const UNKNOWN: Figures = { cpu: null, gpu: null, mem: null, ownerCpu: null, ownerGpu: null };

/** A node without a connection reports nothing: its last figures are old. */
export function nodeLoadRows(node: NodeView): readonly LoadRow[] {
  const { online, resource_usage: usage, limits } = node;
  const figures =
    !online || usage === null
      ? UNKNOWN
      : {
          cpu: usage.cpu_percent,
          gpu: usage.gpu_percent,
          mem: usage.mem_percent,
          ownerCpu: usage.owner_cpu_percent,
          ownerGpu: usage.owner_gpu_percent,
        };
  return rowsOf(figures, limits, node);
}

/**
 * The rows of this computer: the agent reads the load, and the scheduler sends the limits. `own`: the node in the pool's view, where the
 * program operates the pool. An agent that does not measure the owner's load shows the last load that its scheduler knows.
 */
export function ownLoadRows({ hardware, link, node_status: status }: AgentView, own: NodeView | null): readonly LoadRow[] {
  const usage = own?.resource_usage;
  const figures =
    hardware === null
      ? UNKNOWN
      : {
          cpu: hardware.cpu_percent,
          gpu: highestGpuPercent(hardware),
          mem: hardware.mem_percent,
          ownerCpu: hardware.owner_cpu_percent ?? usage?.owner_cpu_percent,
          ownerGpu: hardware.owner_gpu_percent ?? usage?.owner_gpu_percent,
        };
  // The last limits stay while the connection is lost. What they mean now, the scheduler has not said.
  const message = status?.message;
  return rowsOf(figures, message?.limits, link.state === 'connected' ? (message ?? null) : null);
}

/** The figure that heartbeats report for several GPUs. */
function highestGpuPercent({ gpus }: HardwareView): number | null {
  const known = gpus.flatMap(({ accepted, available, utilization_percent: use }) =>
    accepted && available && use.known ? [use.value] : [],
  );
  return known.length === 0 ? null : Math.max(...known);
}

function rowsOf(figures: Figures, limits: LoadLimitsView | undefined, node: AvailabilitySource | null): readonly LoadRow[] {
  const availability = node === null ? null : availabilityOf(node);
  const over = availability === null ? [] : (overUses(availability.reasons) ?? []);
  const isJudged = availability !== null && READY_STATES.some((state) => state === availability.state);
  const row = (use: Use, total: Percent, owner: Percent): LoadRow => {
    const limit = limits === undefined ? null : { percent: limits[`${use}_percent`], setBy: limits.set_by[use] };
    const shares = use === 'mem' ? null : sharesOf(total, owner);
    const judged = use === 'mem' ? total : shares?.ownerPercent;
    return { use, totalPercent: total ?? null, shares, limit, result: isJudged ? resultOf(use, over, limit, judged) : null };
  };
  return [row('cpu', figures.cpu, figures.ownerCpu), row('gpu', figures.gpu, figures.ownerGpu), row('mem', figures.mem, undefined)];
}

/** The owner's load is an average, so that it may exceed the present total. */
function sharesOf(total: Percent, owner: Percent): LoadRow['shares'] {
  if (total == null || owner == null) return null;
  return { ownerPercent: owner, poolPercent: Math.max(0, total - owner) };
}

/**
 * Of a node whose load decides: a paused node gets no jobs below its limits either.
 * A figure at its limit that the scheduler has not judged yet has no result: the page never contradicts the scheduler.
 */
function resultOf(use: Use, over: readonly OverUse[], limit: LoadRow['limit'], judged: Percent): LoadRow['result'] {
  if (over.some((item) => item.use === use || (use === 'mem' && item.use === 'available_memory'))) return 'above';
  if (limit?.percent == null || judged == null) return null;
  return judged < limit.percent ? 'below' : null;
}
