// The cluster as it is known after its leader, whose dashboard this is, has stopped leading. Pure.
import type { ClusterView } from '../../../shared/api/cluster';

/**
 * `leaderAddress`: null while no other scheduler leads. Its epoch, since when it leads, and why the term ended are not known: the former leader
 * no longer answers this.
 */
export function afterLeader(cluster: ClusterView, leaderAddress: string | null): ClusterView {
  const leads = (member: ClusterView['members'][number]): boolean => member.address === leaderAddress;
  return {
    ...cluster,
    leader: cluster.members.find(leads)?.name ?? null,
    epoch: null,
    leads_since: null,
    members: cluster.members.map((member) => ({ ...member, role: leads(member) ? 'leader' : 'candidate' })),
    terms: cluster.terms.map((term) => ({ ...term, is_current: false })),
  };
}
