// Above the node table: search, chips with counts, further filters, groups, columns. Their state is in the route.
import { useMemo } from 'react';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import type { NodeView } from '../../../shared/api/node-view';
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
import { ATTENTION_FILTER, GROUPINGS, groupingNameOf, isAttentionFilter, needsAttention, NO_GROUPING } from './node-groups';
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

/** These states have a chip while they have nodes. The others are in the menu, and have a chip while they are chosen. */
const CHIP_STATES: readonly AvailabilityState[] = ['available', 'full', 'busy', 'paused'];
/** These have a chip where the page is wide. */
const WIDE_CHIP_STATES: readonly AvailabilityState[] = ['registering', 'draining', 'asleep', 'offline'];
const MENU_STATES = AVAILABILITY_STATES.filter((state) => !CHIP_STATES.includes(state));
type Chip = AvailabilityState | 'attention';

/** The chosen chip is a part of the route: one state, or the nodes that need attention. */
function useChip() {
  const route = useRoute();
  const choose = (chip: Chip | null): void => {
    const filters = route.filters.filter((filter) => !isAttentionFilter(filter));
    goTo(
      {
        ...route,
        page: 'nodes',
        state: chip === 'attention' ? null : chip,
        filters: chip === 'attention' ? [ATTENTION_FILTER, ...filters] : filters,
      },
      { replace: true },
    );
  };
  const chosen: Chip | null = route.filters.some(isAttentionFilter) ? 'attention' : route.state;
  return { chosen, choose };
}

const STATE_FILTER = 'state';

function Filters({ all, table: { filters, setFilters } }: { readonly all: readonly NodeView[]; readonly table: TableRoute }) {
  const { t } = useLabels();
  const isPhone = useIsPhone();
  const { chosen, choose } = useChip();
  const counts = useApp(({ nodes }) => nodeCounts(nodes).byState);
  const ofRows = useMemo(
    () => [
      { key: 'tag', label: t('nodes.tag_name'), values: countValues(all, NODE_VALUES.tag) },
      { key: 'gpu', label: t('nodes.gpu'), values: countValues(all, NODE_VALUES.gpu) },
    ],
    [t, all],
  );
  // In a phone window the field has every state.
  const states = isPhone ? [] : MENU_STATES.filter((state) => counts[state] > 0 && state !== chosen);
  const ofState = {
    key: STATE_FILTER,
    label: t('nodes.state'),
    values: states.map((value) => ({ value, label: t(`availability.${value}`), count: counts[value] })),
  };
  const change = (next: readonly RouteFilter[]): void => {
    const state = states.find((value) => next.some((filter) => filter.key === STATE_FILTER && filter.value === value));
    if (state === undefined) setFilters([...filters.filter(isAttentionFilter), ...next]);
    else choose(state);
  };
  return <FilterMenu filters={[ofState, ...ofRows]} chosen={filters.filter((filter) => !isAttentionFilter(filter))} onChange={change} />;
}

function Chips({ all }: { readonly all: readonly NodeView[] }) {
  const { t } = useLabels();
  const isPhone = useIsPhone();
  const { chosen, choose } = useChip();
  const counts = useApp(({ nodes }) => nodeCounts(nodes).byState);
  const attention = all.filter(needsAttention).length;
  // The field of a phone window offers every state.
  const states = AVAILABILITY_STATES.filter(
    (state) => state === chosen || (counts[state] > 0 && (isPhone || CHIP_STATES.includes(state) || WIDE_CHIP_STATES.includes(state))),
  );
  const choices: readonly FilterChoice<Chip>[] = [
    ...states.map((state) => ({
      value: state,
      label: t(`availability.${state}`),
      count: counts[state],
      shape: state,
      needsWidth: state !== chosen && WIDE_CHIP_STATES.includes(state),
    })),
    ...(attention > 0 || chosen === 'attention'
      ? [{ value: 'attention' as const, label: t('nodes.group.attention'), count: attention, shape: 'degraded' as const }]
      : []),
  ];
  return <ChoiceFilter label={t('node_counts.filter')} total={all.length} choices={choices} chosen={chosen} onChange={choose} />;
}
