// The table of members in its groups, with search and filter. The search and the sort are in the route, the filter is not.
import { type ReactNode, useMemo, useState } from 'react';
import { useClockPart } from '../../clock/Clock';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { NoneFound } from '../../components/DataTable/NoneFound';
import { DataTable } from '../../components/DataTable/DataTable';
import type { Grouping } from '../../components/DataTable/entries';
import { createSearch } from '../../components/DataTable/search-rows';
import { TableSearch } from '../../components/DataTable/TableSearch';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { useUseOfMembers } from '../../queries/usage';
import { nodesWithoutKey, withoutKeyText } from './nodes-without-key';
import { useScreen } from '../../store/Screen';
import { memberColumns, memberText, type RowActs } from './member-columns';
import {
  filterCounts,
  passesFilter,
  MEMBER_FILTERS,
  MEMBER_GROUPS,
  type MemberFilter,
  type MemberLists,
  memberRows,
  type MemberRow,
  NO_LISTS,
} from './member-rows';
import classes from './MembersPage.module.css';

const MINUTE_MS = 60_000;
const keyOf = ({ rowId }: MemberRow): string => rowId;
const groupOf = ({ group }: MemberRow): string => group;

export interface MemberTableProps {
  /** Null: not loaded. The actions are there already. */
  readonly lists: MemberLists | null;
  readonly acts: RowActs;
  /** At the right of the search. */
  readonly actions: ReactNode;
  /** Between the search and the table. */
  readonly children: ReactNode;
}

export function MemberTable({ lists, acts, actions, children }: MemberTableProps) {
  const { members, keys, invites } = lists ?? NO_LISTS;
  const labels = useLabels();
  const { t } = labels;
  const [filter, setFilter] = useState<MemberFilter | null>(null);
  const { search, setSearch } = useTableRoute('members');
  // The rows are built again each minute, for the invitations that have expired, and not each second.
  const minute = useClockPart((nowWallMs) => Math.floor(nowWallMs / MINUTE_MS));
  const rows = useMemo(() => memberRows({ members, keys, invites }, minute * MINUTE_MS), [members, keys, invites, minute]);
  const searchRows = useMemo(() => createSearch<MemberRow>((row) => memberText(row, labels)), [labels]);
  const counts = useMemo(() => filterCounts(rows), [rows]);
  const listed = useMemo(() => (filter === null ? rows : rows.filter((row) => passesFilter(row, filter))), [rows, filter]);
  const found = useMemo(() => searchRows(listed, search), [searchRows, listed, search]);
  const offered = MEMBER_FILTERS.filter((one) => counts[one] > 0 || one === filter);
  return (
    <>
      <div className={classes['controls']}>
        <TableSearch label={t('table.search_members')} search={search} found={found.length} total={listed.length} onSearch={setSearch} />
        {lists !== null && (
          <ChoiceFilter
            label={t('members.filter')}
            total={rows.length}
            choices={offered.map((value) => ({
              value,
              label: value === 'revoked' ? t('members.revoked_filter') : t(`members.group.${value}`),
              count: counts[value],
            }))}
            chosen={filter}
            onChange={setFilter}
          />
        )}
        <div className={classes['actions']}>{actions}</div>
      </div>
      {children}
      {lists !== null && (
        <FoundMembers found={found} members={members} areAllFound={found.length === listed.length && filter !== 'revoked'} acts={acts} />
      )}
    </>
  );
}

interface FoundMembersProps {
  readonly found: readonly MemberRow[];
  readonly members: MemberLists['members'];
  /** No computer is left out by a search or filter. */
  readonly areAllFound: boolean;
  readonly acts: RowActs;
}

function FoundMembers({ found, members, areAllFound, acts }: FoundMembersProps) {
  const labels = useLabels();
  const { t } = labels;
  const { sort, setSort } = useTableRoute('members');
  const isPhone = useIsPhone();
  const use = useUseOfMembers();
  const columns = useMemo(() => memberColumns(labels, acts, use), [labels, acts, use]);
  const { store } = useScreen();
  const grouping: Grouping<MemberRow> = useMemo(() => {
    // Reads the nodes when the use arrives: the table does not render again when nodes change.
    const isInPool = (nodeId: string): boolean => store.getState().app?.nodes.has(nodeId) === true;
    const note = use === null || !areAllFound ? '' : withoutKeyText(labels, nodesWithoutKey(use.nodes, members, isInPool));
    return {
      titles: new Map(MEMBER_GROUPS.map((group) => [group, t(`members.group.${group}`)])),
      groupOf,
      noteOf: ([row]) => (row?.group === 'nodes' ? note : ''),
    };
  }, [t, labels, use, members, areAllFound, store]);
  return (
    <DataTable
      label={t('members.title')}
      columns={columns}
      // On a phone a row is a block, which has space for all.
      hidesColumns={!isPhone}
      rows={found}
      keyOf={keyOf}
      sort={sort}
      onSort={setSort}
      grouping={grouping}
      none={<NoneFound page="members" />}
    />
  );
}
