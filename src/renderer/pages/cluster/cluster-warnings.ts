// What endangers a cluster, the most urgent first. Pure.
import { type ClusterMemberView, type ClusterView, isMissing } from '../../../shared/api/cluster';

export type ClusterWarning =
  | { readonly kind: 'no_leader' | 'only_one' | 'no_sync' }
  | { readonly kind: 'missing'; readonly member: ClusterMemberView }
  | { readonly kind: 'versions'; readonly versions: readonly string[] }
  /** Some have a bus, and this one has none, or has lost it. */
  | { readonly kind: 'without_bus'; readonly member: ClusterMemberView };

export function clusterWarnings({ leader, members, database: { standbys } }: ClusterView): readonly ClusterWarning[] {
  const live = members.filter((member) => !isMissing(member));
  const versions = [...new Set(live.map(({ version }) => version))].sort();
  return [
    ...(leader === null ? [{ kind: 'no_leader' as const }] : []),
    ...(live.length === 1 ? [{ kind: 'only_one' as const }] : []),
    ...members.filter(isMissing).map((member) => ({ kind: 'missing' as const, member })),
    ...(live.some(({ has_bus }) => has_bus !== null)
      ? live.filter(({ has_bus }) => has_bus !== true).map((member) => ({ kind: 'without_bus' as const, member }))
      : []),
    ...(versions.length > 1 ? [{ kind: 'versions' as const, versions }] : []),
    ...(standbys.length > 0 && standbys.every(({ sync }) => sync !== 'sync' && sync !== 'quorum') ? [{ kind: 'no_sync' as const }] : []),
  ];
}
