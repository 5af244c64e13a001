// The owner's use of one GPU at one instant: the total, without the use of the processes that work for the pool.
import type { GpuClient, GpuProcess, GpuProcesses } from '../parse/pool-sample';

/** Up to this use a card counts as idle, and its processes may all be reported as `-`. */
const IDLE_PERCENT = 5;
/** The processes must explain at least this part of the card's use. Otherwise a process is missing in the list. */
const EXPLAINED_PART = 0.5;

/**
 * Splits the total in proportion to the processes: their figures cover another period than the total, so their difference would give
 * the pool's use to the owner. Null: the list does not tell.
 */
export function ownerPercentOfNvidia(
  { totalPercent, processes }: Pick<GpuProcesses, 'totalPercent'> & { readonly processes: readonly GpuProcess[] },
  poolGroups: ReadonlySet<string>,
): number | null {
  if (totalPercent === null) return null;
  if (totalPercent <= IDLE_PERCENT) return totalPercent;
  const isPool = ({ group }: { readonly group: string | null }): boolean => group !== null && poolGroups.has(group);
  const sumOf = (chosen: readonly GpuProcess[]): number => chosen.reduce((sum, { share }) => sum + (share ?? 0), 0);
  // Without shares the list still tells whether the pool uses the card at all. A process without a share beside others is idle.
  const hasShares = processes.some(({ share }) => share !== null);
  const isUnclear = processes.some(({ exists, share }) => !exists && (hasShares ? share !== null && share > 0 : true));
  if (isUnclear) return null;
  if (!hasShares) return processes.length > 0 && !processes.some(isPool) ? totalPercent : null;
  const sum = sumOf(processes);
  if (sum < totalPercent * EXPLAINED_PART) return null;
  return (totalPercent * sumOf(processes.filter((process) => !isPool(process)))) / sum;
}

/**
 * The total without the GPU time of the pool's clients between two samples. May be negative, because the total is an instant. Clients
 * of one card that are new were opened in this time.
 */
export function ownerPercentOfClients(
  totalPercent: number,
  busAddress: string,
  { before, now, elapsedMs }: { readonly before: readonly ClientTime[]; readonly now: readonly ClientTime[]; readonly elapsedMs: number },
  poolGroups: ReadonlySet<string>,
): number {
  const earlier = new Map(before.map((client) => [keyOf(client), client.busyNs]));
  const current = new Map(
    now
      .filter((client) => client.busAddress === busAddress && poolGroups.has(client.group))
      .map((client) => [keyOf(client), client.busyNs]),
  );
  let busyNs = 0;
  for (const [key, clientBusyNs] of current) busyNs += Math.max(0, clientBusyNs - (earlier.get(key) ?? 0));
  return totalPercent - Math.min(100, (busyNs / 1e6 / elapsedMs) * 100);
}

type ClientTime = Pick<GpuClient, 'group' | 'busAddress' | 'clientId' | 'busyNs'>;
const keyOf = ({ busAddress, clientId }: ClientTime): string => `${busAddress} ${clientId}`;
