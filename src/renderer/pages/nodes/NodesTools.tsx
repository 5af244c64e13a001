// Above the node table: search, chips with counts, further filters, groups, columns. Their state is in the route.
import { useMemo } from 'react';
import { type AvailabilityState } from '../../../shared/protocol/status';
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
  const filters = useMemo(
    () => [
      { key: 'tag', label: t('nodes.tag_name'), values: countValues(all, NODE_VALUES.tag) },
      { key: 'gpu', label: t('nodes.gpu'), values: countValues(all, NODE_VALUES.gpu) },
    ],
    [t, all],
  );
  if (all.length === 0) return null;
  const group = groupingNameOf(table.group, all.length);
  return (
    <>
      <TableSearch
        label={t('nodes.search')}
        search={table.search}
        found={found.length}
        total={inState}
        all={all.length}
        onSearch={table.setSearch}
      />
      <Chips all={all} />
      {!isPhone && (
        <>
          <FilterMenu
            filters={filters}
            chosen={table.filters.filter((filter) => !isAttentionFilter(filter))}
            onChange={(chosen) => table.setFilters([...table.filters.filter(isAttentionFilter), ...chosen])}
          />
          <span className={classes['arrange']}>
            <GroupSelect
              choices={GROUPINGS.map((value) => ({ value, label: t(`nodes.group_by.${value}`) }))}
              value={group}
              onChange={(value) => table.setGroup(value ?? NO_GROUPING)}
            />
            <ColumnChooser columns={columns} chosen={table.columns} onChange={table.setColumns} />
          </span>
        </>
      )}
    </>
  );
}

/** These are always offered when they have nodes; another state only while a link has chosen it. */
const CHIP_STATES = ['available', 'full', 'busy', 'paused'] as const satisfies readonly AvailabilityState[];
type Chip = AvailabilityState | 'attention';

function Chips({ all }: { readonly all: readonly NodeView[] }) {
  const { t } = useLabels();
  const route = useRoute();
  const counts = useApp(({ nodes }) => nodeCounts(nodes).byState);
  const { state } = route;
  const isAttention = route.filters.some(isAttentionFilter);
  const attention = all.filter(needsAttention).length;
  const states: readonly AvailabilityState[] =
    state === null || CHIP_STATES.some((chip) => chip === state) ? CHIP_STATES : [...CHIP_STATES, state];
  const choices: readonly FilterChoice<Chip>[] = [
    ...states
      .filter((chip) => counts[chip] > 0 || chip === state)
      .map((chip) => ({ value: chip, label: t(`availability.${chip}`), count: counts[chip], shape: chip })),
    ...(attention > 0 || isAttention
      ? [{ value: 'attention' as const, label: t('nodes.group.attention'), count: attention, shape: 'degraded' as const }]
      : []),
  ];
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
  return (
    <ChoiceFilter
      label={t('node_counts.filter')}
      total={all.length}
      choices={choices}
      chosen={isAttention ? 'attention' : state}
      onChange={choose}
    />
  );
}
