// By what the nodes are grouped, and which nodes a chip lists. Pure.
import { availabilityOf } from '../../../shared/api/availability';
import { nodeAttention } from '../../../shared/api/node-attention';
import type { NodeView } from '../../../shared/api/node-view';
import type { AvailabilityState } from '../../../shared/protocol/status';
import type { Grouping } from '../../components/DataTable/entries';
import type { Labels } from '../../i18n/use-labels';
import type { RouteFilter } from '../../routes';
import { gpuSummary } from '../../labels/gpu-names';
import { groupFactsText } from './facts-text';
import { factsOf } from '../../components/bars/node-use';

/** In the order of the table: first the nodes that need a person. */
const AVAILABILITY_GROUPS = ['attention', 'registering', 'paused', 'busy', 'full', 'available', 'away'] as const;
type AvailabilityGroup = (typeof AVAILABILITY_GROUPS)[number];

const GROUP_OF: Readonly<Record<AvailabilityState, AvailabilityGroup>> = {
  degraded: 'attention',
  disconnected: 'away',
  registering: 'registering',
  paused: 'paused',
  draining: 'paused',
  busy: 'busy',
  full: 'full',
  available: 'available',
  asleep: 'away',
  offline: 'away',
};

const groupAt =
  (nowWallMs: number) =>
  (node: NodeView): AvailabilityGroup =>
    nodeAttention(node, nowWallMs) === null ? GROUP_OF[availabilityOf(node).state] : 'attention';

/** `nowWallMs`: a node is lost only after a time without a heartbeat. */
export const needsAttention =
  (nowWallMs: number) =>
  (node: NodeView): boolean =>
    nodeAttention(node, nowWallMs) !== null;

/** `?filter=show:attention` */
export const ATTENTION_FILTER: RouteFilter = { key: 'show', value: 'attention' };
/** Of a state, the nodes that need no person: those that do are counted by the chip for them. */
export const REST_FILTER: RouteFilter = { key: 'show', value: 'rest' };
export const isAttentionFilter = ({ key, value }: RouteFilter): boolean => key === ATTENTION_FILTER.key && value === ATTENTION_FILTER.value;
export const isShowFilter = ({ key }: RouteFilter): boolean => key === ATTENTION_FILTER.key;

export const GROUPINGS = ['availability', 'gpu', 'tag'] as const;
export type GroupingName = (typeof GROUPINGS)[number];
/** In a route: no groups, where the page would have some. */
export const NO_GROUPING = 'none';
/** A smaller table is read at a glance. */
const GROUPED_FROM_NODES = 20;

export function groupingNameOf(wanted: string | null, nodes: number): GroupingName | null {
  if (wanted === null) return nodes < GROUPED_FROM_NODES ? null : 'availability';
  return GROUPINGS.find((name) => name === wanted) ?? null;
}

/** A node with several tags is in the group of its first one. */
export function groupingOf(name: GroupingName, nodes: readonly NodeView[], labels: Labels, nowWallMs: number): Grouping<NodeView> {
  const { t, language } = labels;
  const noteOf = (rows: readonly NodeView[]): string => groupFactsText(labels, factsOf(rows));
  if (name === 'availability') {
    const titles = new Map(AVAILABILITY_GROUPS.map((group) => [group as string, t(`nodes.group.${group}`)]));
    return { titles, groupOf: groupAt(nowWallMs), noteOf };
  }
  const valueOf = name === 'gpu' ? (node: NodeView) => gpuSummary(node, labels) : (node: NodeView) => node.tags?.[0] ?? '';
  const values = [...new Set(nodes.map(valueOf))].sort(new Intl.Collator(language, { numeric: true }).compare);
  const rest = t(name === 'gpu' ? 'nodes.group.no_gpu' : 'nodes.group.no_tag');
  // Nodes without a value come last.
  const titles = [...values.filter((value) => value !== '').map((value) => [value, value] as const), ['', rest] as const];
  return { titles: new Map(titles), groupOf: valueOf, noteOf };
}
