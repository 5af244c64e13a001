// Above the node table: search, chips with counts, further filters, groups, columns. Their state is in the route.
import { useMemo } from 'react';
import { availabilityOf } from '../../../shared/api/availability';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import type { NodeView } from '../../../shared/api/node-view';
import { useMinute } from '../../clock/use-minute';
import { ChoiceFilter, type FilterChoice } from '../../components/ChoiceFilter';
import type { Column } from '../../components/DataTable/column';
import { ColumnChooser } from '../../components/DataTable/ColumnChooser';
import { FilterMenu } from '../../components/DataTable/FilterMenu';
import { countValues } from '../../components/DataTable/filter-rows';
import { GroupSelect } from '../../components/DataTable/GroupSelect';
import { TableSearch } from '../../components/DataTable/TableSearch';
import type { TableRoute } from '../../components/DataTable/use-table-route';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import type { RouteFilter } from '../../routes';
import { nodeCounts } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import classes from './NodesPage.module.css';
import {
  ATTENTION_FILTER,
  GROUPINGS,
  groupingNameOf,
  isAttentionFilter,
  isShowFilter,
  needsAttention,
  NO_GROUPING,
  REST_FILTER,
} from './node-groups';
import { NODE_VALUES, type ShownNodes } from './use-shown-nodes';

export interface NodesToolsProps {
  readonly shown: ShownNodes;
  readonly table: TableRoute;
  readonly columns: readonly Column<NodeView>[];
}

export function NodesTools({ shown: { all, found, inState }, table, columns }: NodesToolsProps) {
  const { t } = useLabels();
  const isPhone = useIsPhone();
  if (all.length === 0) return null;
  const group = groupingNameOf(table.group, all.length);
  return (
    <>
      <TableSearch label={t('nodes.search')} search={table.search} found={found.length} total={inState} onSearch={table.setSearch} />
      <Chips all={all} />
      <Filters all={all} table={table} />
      {!isPhone && (
        <span className={classes['arrange']}>
          <GroupSelect
            choices={GROUPINGS.map((value) => ({ value, label: t(`nodes.group_by.${value}`) }))}
            value={group}
            onChange={(value) => table.setGroup(value ?? NO_GROUPING)}
          />
          <ColumnChooser columns={columns} chosen={table.columns} onChange={table.setColumns} />
        </span>
      )}
    </>
  );
}

/** The chips of the other states have their shape and number alone, where the line is full. */
const NAMED_STATES: readonly AvailabilityState[] = ['available', 'full', 'busy', 'paused'];
/** Counts of four digits leave less space. */
const MANY_NODES = 1000;
const NAMED_STATES_OF_MANY: readonly AvailabilityState[] = ['available'];
/** So many chips have their names beside the search. */
const FEW_CHIPS = 4;
/** More chips leave no space for all names in a line of their own. */
const MOST_NAMED_CHIPS = 6;
type Chip = AvailabilityState | 'attention';

/** The chosen chip is a part of the route: one state, or the nodes that need attention. `mixed`: some of these nodes need attention. */
function useChip(mixed: readonly AvailabilityState[]) {
  const route = useRoute();
  const choose = (chip: Chip | null): void => {
    const filters = route.filters.filter((filter) => !isShowFilter(filter));
    const state = chip === 'attention' ? null : chip;
    const show = chip === 'attention' ? [ATTENTION_FILTER] : state !== null && mixed.includes(state) ? [REST_FILTER] : [];
    goTo({ ...route, page: 'nodes', state, filters: [...show, ...filters] }, { replace: true });
  };
  const isAttention = route.filters.some(isAttentionFilter);
  const chosen: Chip | null = isAttention ? 'attention' : route.state;
  /** A link from another page shows every node of a state. */
  const isWhole = !route.filters.some(isShowFilter);
  return { chosen, choose, isWhole };
}

function Filters({ all, table: { filters, setFilters } }: { readonly all: readonly NodeView[]; readonly table: TableRoute }) {
  const { t } = useLabels();
  const ofRows = useMemo(
    () => [
      { key: 'tag', label: t('nodes.tag_name'), values: countValues(all, NODE_VALUES.tag) },
      { key: 'gpu', label: t('nodes.gpu'), values: countValues(all, NODE_VALUES.gpu) },
    ],
    [t, all],
  );
  const change = (next: readonly RouteFilter[]): void => setFilters([...filters.filter(isShowFilter), ...next]);
  return <FilterMenu filters={ofRows} chosen={filters.filter((filter) => !isShowFilter(filter))} onChange={change} />;
}

/** Each node is counted once: one that needs attention in the chip for these alone. */
function Chips({ all }: { readonly all: readonly NodeView[] }) {
  const { t } = useLabels();
  const counts = useApp(({ nodes }) => nodeCounts(nodes).byState);
  const nowWallMs = useMinute();
  const attention = useMemo(() => all.filter(needsAttention(nowWallMs)), [all, nowWallMs]);
  const calmOf = (state: AvailabilityState): number =>
    counts[state] - attention.filter((node) => availabilityOf(node).state === state).length;
  const { chosen, choose, isWhole } = useChip(AVAILABILITY_STATES.filter((state) => calmOf(state) < counts[state]));
  const states = AVAILABILITY_STATES.filter((state) => state === chosen || calmOf(state) > 0);
  const isMany = all.length >= MANY_NODES;
  const labelledOf = (state: AvailabilityState): Pick<FilterChoice<Chip>, 'labelled'> => {
    if (state === chosen) return {};
    if (states.length > MOST_NAMED_CHIPS) return { labelled: NAMED_STATES.includes(state) ? 'own_line' : 'wide' };
    if (isMany) return NAMED_STATES_OF_MANY.includes(state) ? {} : { labelled: 'wide' };
    return states.length <= FEW_CHIPS || NAMED_STATES.includes(state) ? {} : { labelled: 'own_line' };
  };
  const choices: readonly FilterChoice<Chip>[] = [
    ...(attention.length > 0 || chosen === 'attention'
      ? [
          {
            value: 'attention' as const,
            label: t('nodes.group.attention'),
            count: attention.length,
            shape: 'degraded' as const,
            labelled: 'any' as const,
          },
        ]
      : []),
    ...states.map((state) => ({
      value: state,
      label: t(`availability.${state}`),
      count: state === chosen && isWhole ? counts[state] : calmOf(state),
      shape: state,
      ...labelledOf(state),
    })),
  ];
  return <ChoiceFilter label={t('node_counts.filter')} total={all.length} choices={choices} chosen={chosen} onChange={choose} />;
}
