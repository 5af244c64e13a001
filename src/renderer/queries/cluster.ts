// Queries about the schedulers of the pool.
import type { ClusterView } from '../../shared/api/cluster';
import { type Answer, useAnswer } from './use-answer';

/** Each scheduler gives a sign of life every 2 s. */
const REFRESH_EVERY_MS = 2000;

/** A scheduler alone does not change. */
export const useCluster = (isEnabled = true): Answer<ClusterView> =>
  useAnswer('pool.cluster', {}, { isEnabled, everyMs: (cluster) => (cluster?.epoch === null ? null : REFRESH_EVERY_MS) });
