// The events that explain the figures of the pool, oldest first. Bounded by their number and their age.
import { MAX_MARKS, POOL_RANGES, type PoolMark } from '../../../../shared/api/pool-history';
import type { LostAttempts } from '../../jobs/recent-work';

const LONGEST_MS = POOL_RANGES['7d'].seconds * 1000;

export function withMarks(marks: readonly PoolMark[], added: readonly PoolMark[], nowWallMs: number): readonly PoolMark[] {
  const kept = [...marks, ...added].filter(({ at }) => at >= nowWallMs - LONGEST_MS);
  return added.length === 0 && kept.length === marks.length ? marks : kept.slice(-MAX_MARKS);
}

export interface LossSite {
  readonly nodeId: string;
  readonly name: string;
  /** The node is connected, so it has restarted without its jobs. */
  readonly online: boolean;
}

/** One mark for each cause. */
export function lossMarks(site: LossSite, { nodeLost, drained, quarantined }: LostAttempts, atWallMs: number): readonly PoolMark[] {
  const mark = (cause: Extract<PoolMark, { kind: 'jobs_lost' }>['cause'], jobs: number): readonly PoolMark[] =>
    jobs === 0 ? [] : [{ kind: 'jobs_lost', at: atWallMs, node_id: site.nodeId, name: site.name, cause, jobs }];
  return [...mark(site.online ? 'restarted' : 'lost', nodeLost), ...mark('drain_timeout', drained), ...mark('quarantined', quarantined)];
}
