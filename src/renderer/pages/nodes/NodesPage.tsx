// The nodes of the pool: each with its availability, reason and figures; details and actions in a drawer.
import { useMemo } from 'react';
import type { HostView } from '../../../shared/api/app-state';
import type { NodeView } from '../../../shared/api/node-view';
import { availabilityOf } from '../../../shared/api/availability';
import { Ago } from '../../components/Time';
import { Card } from '../../components/Card';
import { DataTable } from '../../components/DataTable/DataTable';
import { createSearch } from '../../components/DataTable/search-rows';
import { createSort } from '../../components/DataTable/sort-rows';
import { TableSearch } from '../../components/DataTable/TableSearch';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { Dim } from '../../components/Dim';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { useNodesWithModel } from '../../queries/nodes';
import { nodeCounts } from '../../store/nodes';
import { useApp, useScreen } from '../../store/Screen';
import { goTo, useRoute, useRoutePart } from '../../store/use-route';
import { nodeColumns, nodeText } from './node-columns';
import { countsText } from '../../labels/node-counts';
import { NodeDrawer } from './NodeDrawer';
import { StateFilter } from './StateFilter';
import classes from './NodesPage.module.css';

export function NodesPage() {
  const { t } = useLabels();
  const hasPool = useApp((app) => app.pool !== null);
  if (hasPool) return <PoolNodes />;
  return (
    <Page title={t('nodes.title')}>
      <PoolElsewhere page="nodes" />
    </Page>
  );
}

function PoolNodes() {
  const { t } = useLabels();
  const { search, setSearch } = useTableRoute('nodes');
  const shown = useShownNodes(search);
  const evictionPause = useApp((app) => app.pool?.mass_loss ?? null);
  const isOnlySelf = useApp(({ nodes, agent }) => nodes.size === 1 && agent?.node_id != null && nodes.has(agent.node_id));
  return (
    <Page
      title={t('nodes.title')}
      subtitle={<NodeCounts />}
      toolbar={<Tools shown={shown} search={search} onSearch={setSearch} />}
      layout="full"
    >
      {evictionPause !== null && (
        <Card tone="warning">
          <p role="alert">
            <Rich
              k="nodes.eviction_pause"
              values={{ lost: evictionPause.lost, total: evictionPause.of, age: <Ago wallMs={evictionPause.since} /> }}
            />
          </p>
        </Card>
      )}
      <NodeTable found={shown.found} />
      {isOnlySelf && <JoinHint />}
      <OpenNode />
    </Page>
  );
}

const keyOf = ({ node_id }: NodeView): string => node_id;
const nameOf = ({ name }: NodeView): string => name;

interface ShownNodes {
  readonly found: readonly NodeView[];
  /** How many nodes are in the chosen state, and how many there are. */
  readonly inState: number;
  readonly all: number;
}

/** The nodes that pass the filter and the search, by name. */
function useShownNodes(search: string): ShownNodes {
  const labels = useLabels();
  const { language } = labels;
  const nodes = useApp((app) => app.nodes);
  const state = useRoutePart((route) => route.state);
  const searchRows = useMemo(() => createSearch<NodeView>((node) => nodeText(node, labels)), [labels]);
  const sortByName = useMemo(() => createSort<NodeView>(language), [language]);
  const withModel = useNodesWithModel(search.trim());
  const all = sortByName([...nodes.values()], { sortBy: nameOf, descending: false });
  const inState = state === null ? all : all.filter((node) => availabilityOf(node).state === state);
  const found = withNodes(inState, searchRows(inState, search), withModel.value?.node_ids ?? []);
  return { found, inState: inState.length, all: all.length };
}

interface ToolsProps {
  readonly shown: ShownNodes;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

function Tools({ shown: { found, inState, all }, search, onSearch }: ToolsProps) {
  const { t } = useLabels();
  const nodes = useApp((app) => app.nodes);
  const route = useRoute();
  if (all === 0) return null;
  return (
    <>
      <TableSearch label={t('table.search_nodes')} search={search} found={found.length} total={inState} all={all} onSearch={onSearch} />
      <StateFilter
        counts={nodeCounts(nodes).byState}
        state={route.state}
        onChange={(state) => goTo({ ...route, page: 'nodes', state }, { replace: true })}
      />
    </>
  );
}

function NodeTable({ found }: { readonly found: readonly NodeView[] }) {
  const labels = useLabels();
  const { t } = labels;
  const isEmpty = useApp((app) => app.nodes.size === 0);
  const ownId = useApp((app) => app.agent?.node_id ?? null);
  const openId = useRoutePart((route) => route.id);
  const { sort, setSort } = useTableRoute('nodes');
  const columns = useMemo(() => nodeColumns(labels, ownId), [labels, ownId]);
  if (isEmpty) return <p>{t('nodes.none')}</p>;
  if (found.length === 0) return <Dim as="p">{t('table.none_found')}</Dim>;
  return <DataTable label={t('nodes.title')} columns={columns} rows={found} keyOf={keyOf} sort={sort} onSort={setSort} openKey={openId} />;
}

/** The rows that the search found, and those with one of these ids, in the order of `rows`. */
function withNodes(rows: readonly NodeView[], found: readonly NodeView[], nodeIds: readonly string[]): readonly NodeView[] {
  if (nodeIds.length === 0 || found.length === rows.length) return found;
  const [shown, ids] = [new Set(found), new Set(nodeIds)];
  return rows.filter((node) => shown.has(node) || ids.has(node.node_id));
}

/** The drawer of the node in the route. A node that is not in the pool opens none. */
function OpenNode() {
  const { id } = useRoute();
  const node = useApp(({ nodes }) => (id === null ? undefined : nodes.get(id)));
  return node === undefined ? null : <NodeDrawer node={node} />;
}

/** How another computer joins, as on the Pool page: with a link, with a command, or after the pool was shared. */
function JoinHint() {
  const { t, gap } = useLabels();
  const { endpoint } = useScreen();
  const host = useApp((app) => app.host);
  const joinMethod = host === null ? (endpoint.hasToken() ? 'command' : 'closed') : joinMethodOf(host);
  return (
    <p className={classes['hint']}>
      {t('nodes.only_self')}
      {gap}
      {t(`nodes.join_by.${joinMethod}`)}
    </p>
  );
}

/** A shared pool has no link while this computer is in no local network. */
function joinMethodOf({ scope, state, join_link: link }: HostView): 'share' | 'no_lan' | 'link' {
  if (scope !== 'lan') return 'share';
  return state === 'running' && link === null ? 'no_lan' : 'link';
}

/** `50 nodes · 48 ready: 3 available, 45 busy · 2 simulated` */
function NodeCounts() {
  const labels = useLabels();
  const { t, format } = labels;
  const simulated = useApp(({ nodes }) => nodeCounts(nodes).simulated);
  const counts = useApp(({ nodes }) => countsText(labels, nodeCounts(nodes).byState));
  return simulated === 0 ? counts : `${counts} · ${t('node_counts.simulated', { formatted: format.number(simulated) })}`;
}
