// The cluster of schedulers, for the API. A scheduler alone implements it, too.
import type { ClusterView } from '../../shared/api/cluster';

export interface ClusterPort {
  view(): Promise<ClusterView>;
  /** Another member can lead at once. Resolves when this member does not lead any more. False: it did not lead, or is alone. */
  stepDown(): Promise<boolean>;
}
