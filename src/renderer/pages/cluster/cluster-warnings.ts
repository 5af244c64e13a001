// What endangers a cluster, the most urgent first. Pure.
import { type ClusterMemberView, type ClusterView, isMissing, type StandbyView } from '../../../shared/api/cluster';
import { isOlder } from '../../labels/older-version';

export type ClusterWarning =
  | { readonly kind: 'no_leader' | 'no_sync' }
  /** `only_one`: no other member runs. */
  | { readonly kind: 'missing' | 'only_one'; readonly member: ClusterMemberView }
  | { readonly kind: 'versions'; readonly versions: readonly string[] }
  /** Some have a bus, and this one has none, or has lost it. */
  | { readonly kind: 'without_bus'; readonly member: ClusterMemberView };

export function clusterWarnings(cluster: ClusterView): readonly ClusterWarning[] {
  const { leader, members, database } = cluster;
  const live = liveOf(members);
  const [only] = live;
  const versions = [...new Set(live.map(({ version }) => version))].sort();
  return [
    ...(leader === null ? [{ kind: 'no_leader' as const }] : []),
    ...(live.length === 1 && only !== undefined ? [{ kind: 'only_one' as const, member: only }] : []),
    ...members.filter(isMissing).map((member) => ({ kind: 'missing' as const, member })),
    ...live.filter((member) => lacksBus(member, members)).map((member) => ({ kind: 'without_bus' as const, member })),
    ...(versions.length > 1 ? [{ kind: 'versions' as const, versions }] : []),
    ...(database.standbys.length > 0 && !database.standbys.some(isSynchronous) ? [{ kind: 'no_sync' as const }] : []),
  ];
}

/** What is wrong with a member, for its row. Null: nothing. */
export function faultOf(
  member: ClusterMemberView,
  members: readonly ClusterMemberView[],
): 'missing' | 'without_bus' | 'old_version' | null {
  if (isMissing(member)) return 'missing';
  if (lacksBus(member, members)) return 'without_bus';
  return liveOf(members).some(({ version }) => isOlder(member.version, version)) ? 'old_version' : null;
}

export const membersThatCanLead = ({ members }: ClusterView): readonly ClusterMemberView[] =>
  liveOf(members).filter(({ role }) => role === 'candidate');

/** The standby that loses least when it is promoted: a synchronous one, else the one that is least behind. */
export const closestStandby = (standbys: readonly StandbyView[]): StandbyView | null =>
  standbys.toSorted((a, b) => Number(isSynchronous(b)) - Number(isSynchronous(a)) || lagOf(a) - lagOf(b))[0] ?? null;

const liveOf = (members: readonly ClusterMemberView[]): readonly ClusterMemberView[] => members.filter((member) => !isMissing(member));

const lacksBus = ({ has_bus: has }: ClusterMemberView, members: readonly ClusterMemberView[]): boolean =>
  has !== true && liveOf(members).some(({ has_bus }) => has_bus !== null);

const isSynchronous = ({ sync }: StandbyView): boolean => sync === 'sync' || sync === 'quorum';

const lagOf = ({ lag_seconds: lag }: StandbyView): number => lag ?? Number.MAX_VALUE;
