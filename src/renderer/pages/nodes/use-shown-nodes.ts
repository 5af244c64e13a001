// The nodes of the table: those that pass the chip, the filters and the search, by name.
import { useMemo } from 'react';
import { availabilityOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import { useMinute } from '../../clock/use-minute';
import { filterRows, type ValuesOf } from '../../components/DataTable/filter-rows';
import { createSearch } from '../../components/DataTable/search-rows';
import { createSort } from '../../components/DataTable/sort-rows';
import { useLabels } from '../../i18n/use-labels';
import type { RouteFilter } from '../../routes';
import { useNodesWithModel } from '../../queries/nodes';
import { useApp } from '../../store/Screen';
import { useRoutePart } from '../../store/use-route';
import { nodeText } from './node-columns';
import { ATTENTION_FILTER, needsAttention, REST_FILTER } from './node-groups';

/** The values by which nodes are filtered, and which the menu offers. */
export const NODE_VALUES = {
  tag: ({ tags = [] }: NodeView) => tags,
  gpu: ({ hardware }: NodeView) => [...new Set(hardware.gpus.map(({ name }) => name))],
} satisfies ValuesOf<NodeView>;

function valuesAt(nowWallMs: number): ValuesOf<NodeView> {
  const needs = needsAttention(nowWallMs);
  return { ...NODE_VALUES, [ATTENTION_FILTER.key]: (node) => [(needs(node) ? ATTENTION_FILTER : REST_FILTER).value] };
}

export interface ShownNodes {
  readonly all: readonly NodeView[];
  readonly found: readonly NodeView[];
  /** How many nodes pass the chip and the filters. */
  readonly inState: number;
}

const nameOf = ({ name }: NodeView): string => name;

export function useShownNodes(search: string, filters: readonly RouteFilter[]): ShownNodes {
  const labels = useLabels();
  const { language } = labels;
  const nowWallMs = useMinute();
  const nodes = useApp((app) => app.nodes);
  const state = useRoutePart((route) => route.state);
  const searchRows = useMemo(() => createSearch<NodeView>((node) => nodeText(node, labels)), [labels]);
  const sortByName = useMemo(() => createSort<NodeView>(language), [language]);
  const withModel = useNodesWithModel(search.trim()).value?.node_ids;
  return useMemo(() => {
    const all = sortByName([...nodes.values()], { sortBy: nameOf, descending: false });
    const ofState = state === null ? all : all.filter((node) => availabilityOf(node).state === state);
    const filtered = filterRows(ofState, filters, valuesAt(nowWallMs));
    return { all, found: withNodes(filtered, searchRows(filtered, search), withModel ?? []), inState: filtered.length };
  }, [nodes, state, filters, search, withModel, searchRows, sortByName, nowWallMs]);
}

/** The rows that the search found, and those with one of these ids, in the order of `rows`. */
function withNodes(rows: readonly NodeView[], found: readonly NodeView[], nodeIds: readonly string[]): readonly NodeView[] {
  if (nodeIds.length === 0 || found.length === rows.length) return found;
  const [shown, ids] = [new Set(found), new Set(nodeIds)];
  return rows.filter((node) => shown.has(node) || ids.has(node.node_id));
}
