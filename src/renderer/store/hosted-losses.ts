// Who loses the pool of this computer when its scheduler stops or restarts: the other nodes, and the jobs that have not ended.
import { nodeCounts, ownNode } from './nodes';

type Hosted = Parameters<typeof ownNode>[0] & {
  readonly pool: { readonly open_jobs?: Readonly<Record<string, number>> | undefined } | null;
};

export interface HostedLossCounts {
  /** The other nodes that are online. */
  readonly others: number;
  /** The jobs that have not ended. */
  readonly jobs: number;
  /** Those of them that a node has. */
  readonly running: number;
}

export function hostedLosses(app: Hosted): HostedLossCounts {
  const others = nodeCounts(app.nodes).online - (ownNode(app)?.online === true ? 1 : 0);
  const open = app.pool?.open_jobs ?? {};
  const jobs = Object.values(open).reduce((sum, count) => sum + count, 0);
  return { others, jobs, running: (open['assigned'] ?? 0) + (open['running'] ?? 0) };
}
