// What there is to do in the pool, from its nodes, the requests to join and the models that it lacks. Pure. The most urgent comes first:
// requests that expire in minutes, then the nodes that need attention, then what would make the pool larger.
import { availabilityFacts, availabilityOf, overUses } from '../../../../shared/api/availability';
import type { OverUse, Use } from '../../../../shared/api/exclusion-facts';
import type { JoinRequestView } from '../../../../shared/api/join-requests';
import type { MissingModel } from '../../../../shared/api/missing-models';
import { LOST_AFTER_MS, nodeAttention } from '../../../../shared/api/node-attention';
import type { NodeView, PoolSummary } from '../../../../shared/api/node-view';
import { isOlder } from '../../../labels/older-version';

/** Some nodes: all of them counted, the first of them named. */
export interface SomeNodes {
  readonly count: number;
  /** In the order of their names. */
  readonly names: readonly string[];
  /** The only node. Null: there are several. */
  readonly onlyId: string | null;
}

type MassLoss = NonNullable<PoolSummary['mass_loss']>;

export type Attention =
  /** `node`: the one that was lost last. */
  | { readonly kind: 'lost'; readonly node: NodeView; readonly nodes: SomeNodes }
  | { readonly kind: 'join_request'; readonly request: JoinRequestView }
  /** Nodes with the same reason. `node`: one of them. */
  | { readonly kind: 'degraded'; readonly node: NodeView; readonly nodes: SomeNodes }
  | { readonly kind: 'more_degraded'; readonly nodes: SomeNodes }
  | { readonly kind: 'missing_model'; readonly model: MissingModel }
  /**
   * `limitPercent`: the lowest limit of these nodes. `percents`: their uses, ascending. `suggestion` null: hardly any of them would take jobs
   * at a higher limit.
   */
  | {
      readonly kind: 'over_limit';
      readonly use: Use;
      /** Set by the owners of the nodes; else the limit of the pool. */
      readonly isOwners: boolean;
      readonly nodes: SomeNodes;
      readonly limitPercent: number;
      readonly percents: readonly number[];
      readonly suggestion: { readonly limitPercent: number; readonly nodes: number } | null;
    }
  /** `version`: of all these nodes; null: they have several. */
  | { readonly kind: 'old_version'; readonly nodes: SomeNodes; readonly version: string | null; readonly current: string }
  | { readonly kind: 'quarantined'; readonly nodes: SomeNodes }
  | { readonly kind: 'paused_by_owner'; readonly nodes: SomeNodes };

export interface AttentionInput {
  readonly nodes: Iterable<NodeView>;
  readonly joinRequests: readonly JoinRequestView[];
  readonly missing: readonly MissingModel[];
  /** The version of the scheduler. */
  readonly version: string;
  /** Not null: evictions are paused. A banner above says so, and its nodes are no items. */
  readonly massLoss: MassLoss | null;
  readonly nowWallMs: number;
}

const MOST_DEGRADED = 3;
const MOST_MISSING = 3;
const MOST_NAMES = 3;
/** A higher limit takes the computer away from its owner. */
const HIGHEST_SUGGESTION = 80;
const LIMIT_STEP = 5;

export function attentionOf(input: AttentionInput): readonly Attention[] {
  const { joinRequests, missing, version, massLoss, nowWallMs } = input;
  const nodes = [...input.nodes];
  const lost = lostAlone(nodes, massLoss, nowWallMs)
    .toSorted((a, b) => b.sinceWallMs - a.sinceWallMs)
    .map(({ node }) => node);
  const degraded = byReason(byName(nodes.filter((node) => nodeAttention(node, nowWallMs) === 'failing')));
  const paused = nodes.filter((node) => availabilityOf(node).state === 'paused');
  const quarantined = paused.filter(({ quarantine }) => quarantine != null);
  const pausedByOwner = paused.filter((node) => node.quarantine == null && isByOwner(node));
  return [
    ...joinRequests.filter(({ approved }) => !approved).map((request) => ({ kind: 'join_request', request }) as const),
    ...degraded.slice(0, MOST_DEGRADED).flatMap(([node, ...more]): readonly Attention[] => {
      return node === undefined ? [] : [{ kind: 'degraded', node, nodes: some([node, ...more]) }];
    }),
    ...someOf('more_degraded', degraded.slice(MOST_DEGRADED).flat()),
    ...lost.slice(0, 1).map((node) => ({ kind: 'lost', node, nodes: some(lost) }) as const),
    ...missing.slice(0, MOST_MISSING).map((model) => ({ kind: 'missing_model', model }) as const),
    ...overLimits(nodes),
    ...oldVersions(nodes, version),
    ...someOf('quarantined', quarantined),
    ...someOf('paused_by_owner', pausedByOwner),
  ];
}

interface SilentNode {
  readonly node: NodeView;
  readonly sinceWallMs: number;
}

/** A mass loss is noticed after the heartbeat timeout: the last heartbeats of its nodes are older. */
function lostAlone(nodes: readonly NodeView[], massLoss: MassLoss | null, nowWallMs: number): readonly SilentNode[] {
  return nodes.flatMap((node): readonly SilentNode[] => {
    const facts = availabilityFacts(node);
    if (nodeAttention(node, nowWallMs) !== 'lost' || facts.kind !== 'silent' || facts.sinceWallMs === null) return [];
    const isOfLoss = massLoss !== null && facts.sinceWallMs >= massLoss.since - LOST_AFTER_MS;
    return isOfLoss ? [] : [{ node, sinceWallMs: facts.sinceWallMs }];
  });
}

/** Pauses end by themselves, except those without an end. An older node drains itself. */
const isByOwner = ({ pause, drain }: NodeView): boolean => (pause != null ? pause.until === null : drain?.by === 'node');

const byName = (nodes: readonly NodeView[]): readonly NodeView[] => nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Groups of the same reason, the largest first. */
function byReason(nodes: readonly NodeView[]): readonly (readonly NodeView[])[] {
  const groups = new Map<string, NodeView[]>();
  for (const node of nodes) {
    const reason = JSON.stringify(availabilityFacts(node));
    groups.set(reason, [...(groups.get(reason) ?? []), node]);
  }
  return [...groups.values()].sort((one, other) => other.length - one.length);
}

const some = (nodes: readonly NodeView[]): SomeNodes => ({
  count: nodes.length,
  names: byName(nodes)
    .slice(0, MOST_NAMES)
    .map(({ name }) => name),
  onlyId: nodes.length === 1 ? (nodes[0]?.node_id ?? null) : null,
});

const someOf = <Kind extends 'more_degraded' | 'quarantined' | 'paused_by_owner'>(kind: Kind, nodes: readonly NodeView[]) =>
  nodes.length === 0 ? [] : [{ kind, nodes: some(nodes) }];

type OverPercent = Extract<OverUse, { percent: number }>;

/** Only nodes that a single limit keeps from jobs: for the others one change would not help. */
function overLimits(nodes: readonly NodeView[]): readonly Attention[] {
  const groups = new Map<string, { readonly node: NodeView; readonly over: OverPercent }[]>();
  for (const node of nodes) {
    const { state, reasons } = availabilityOf(node);
    const over = state === 'busy' && reasons.length === 1 ? (overUses(reasons) ?? []) : [];
    const [first] = over;
    if (first === undefined || over.length > 1 || first.use === 'available_memory') continue;
    const key = `${first.use} ${first.setBy === 'owner' ? 'owner' : 'pool'}`;
    groups.set(key, [...(groups.get(key) ?? []), { node, over: first }]);
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((busy) => {
      const percents = busy.map(({ over }) => over.percent).sort((a, b) => a - b);
      return {
        kind: 'over_limit',
        use: busy[0]?.over.use ?? 'gpu',
        isOwners: busy[0]?.over.setBy === 'owner',
        nodes: some(busy.map(({ node }) => node)),
        limitPercent: Math.min(...busy.map(({ over }) => over.limitPercent)),
        percents,
        suggestion: suggestionFor(percents),
      };
    });
}

/** The lowest round limit at which half of the nodes take jobs, or else the highest suggestion. */
function suggestionFor(percents: readonly number[]): { readonly limitPercent: number; readonly nodes: number } | null {
  const half = percents[Math.ceil(percents.length / 2) - 1] ?? 100;
  const limitPercent = Math.min(HIGHEST_SUGGESTION, (Math.floor(half / LIMIT_STEP) + 1) * LIMIT_STEP);
  const taking = takingAt(limitPercent, percents);
  return taking === 0 ? null : { limitPercent, nodes: taking };
}

/** How many nodes with these uses take jobs at a limit. 100 sets none. */
export const takingAt = (limitPercent: number, percents: readonly number[]): number =>
  limitPercent === 100 ? percents.length : percents.filter((percent) => percent < limitPercent).length;

/** Nodes that are not offline: the others cannot be updated now. */
function oldVersions(nodes: readonly NodeView[], current: string): readonly Attention[] {
  const old = nodes.filter((node) => availabilityOf(node).state !== 'offline' && isOlder(node.version, current));
  if (old.length === 0) return [];
  const versions = new Set(old.map(({ version }) => version));
  const [only = null] = versions.size === 1 ? versions : [];
  return [{ kind: 'old_version', nodes: some(old), version: only, current }];
}
