// The cluster as it is known after its leader, whose dashboard this is, has stopped leading. Pure.
import type { ClusterView } from '../../../shared/api/cluster';

/** Which scheduler leads, and why the term ended, is not known: the former leader no longer answers this. */
export const withoutLeader = (cluster: ClusterView): ClusterView => ({
  ...cluster,
  leader: null,
  leads_since: null,
  members: cluster.members.map((member) => ({ ...member, role: 'candidate' })),
  terms: cluster.terms.map((term) => ({ ...term, is_current: false })),
});
