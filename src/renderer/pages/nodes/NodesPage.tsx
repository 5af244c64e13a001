// The nodes of the pool: each with its availability, reason and figures; details and actions in a drawer.
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { HostView } from '../../../shared/api/app-state';
import { useMinute } from '../../clock/use-minute';
import type { NodeView } from '../../../shared/api/node-view';
import { UseLegend } from '../../components/bars/UseLegend';
import { type Column, shownColumns } from '../../components/DataTable/column';
import { NoneFound } from '../../components/DataTable/NoneFound';
import { DataTable } from '../../components/DataTable/DataTable';
import { useSelection } from '../../components/DataTable/selection';
import { nextKey } from '../../components/DataTable/use-table-keys';
import { type TableRoute, useTableRoute } from '../../components/DataTable/use-table-route';
import { FirstSteps } from '../../components/own/FirstSteps';
import { MassLossBanner } from '../../components/MassLossBanner';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useMay } from '../../components/RightNote';
import { TableTools } from '../../components/TableTools';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf, INVITE_HREF, parseRoute } from '../../routes';
import { useIsHeadlessShared } from '../../store/is-shared';
import { useApp } from '../../store/Screen';
import { goTo, useRoute, useRoutePart } from '../../store/use-route';
import { BulkActions } from './BulkActions';
import { factsText, SEPARATOR, shortFactsText } from './facts-text';
import { nodeColumns } from './node-columns';
import { groupingNameOf, groupingOf } from './node-groups';
import { hasSplitUse, poolFacts } from '../../components/bars/node-use';
import { NodeCards } from './NodeCards';
import { NodeDrawer } from './NodeDrawer';
import { NodesTools } from './NodesTools';
import { type ShownNodes, useShownNodes } from './use-shown-nodes';
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
  const labels = useLabels();
  const { t } = labels;
  const table = useTableRoute('nodes');
  const shown = useShownNodes(table.search, table.filters);
  const isOnlySelf = useApp(({ nodes, agent }) => nodes.size === 1 && agent?.node_id != null && nodes.has(agent.node_id));
  // The only row needs no mark: the sentence below it says that it is this computer.
  const markedId = useApp(({ agent }) => (isOnlySelf ? null : (agent?.node_id ?? null)));
  const seesLoad = useMay('view');
  const all = useMemo(() => nodeColumns(labels, markedId, seesLoad), [labels, markedId, seesLoad]);
  const columns = useMemo(() => shownColumns(all, table.columns), [all, table.columns]);
  return (
    <Page
      title={t('nodes.title')}
      subtitle={<Facts />}
      actions={<Actions />}
      toolbar={
        <TableTools className={classes['tools']} wraps={table.filters.length > 0}>
          <NodesTools shown={shown} table={table} columns={all} />
        </TableTools>
      }
      layout="full"
    >
      <MassLossBanner nodesHref={hrefOf({ page: 'nodes', state: 'disconnected' })} />
      {isOnlySelf ? (
        <div className={classes['alone']}>
          <NodeTable shown={shown} table={table} columns={columns} />
          <JoinHint />
        </div>
      ) : (
        <NodeTable shown={shown} table={table} columns={columns} />
      )}
      <OpenNode found={shown.found} />
    </Page>
  );
}

const keyOf = ({ node_id }: NodeView): string => node_id;
const nameOf = ({ name }: NodeView): string => name;
const open = (id: string): void => goTo({ ...parseRoute(window.location.hash), page: 'nodes', id });

interface NodeTableProps {
  readonly shown: ShownNodes;
  readonly table: TableRoute;
  readonly columns: readonly Column<NodeView>[];
}

function NodeTable({ shown: { all, found }, table, columns }: NodeTableProps) {
  const labels = useLabels();
  const { t } = labels;
  const isPhone = useIsPhone();
  const mayOperate = useMay('operate');
  const openId = useRoutePart((route) => route.id);
  const selection = useSelection(useMemo(() => found.map(keyOf), [found]));
  const nowWallMs = useMinute();
  const groupingName = groupingNameOf(table.group, all.length);
  const grouping = useMemo(
    () => (groupingName === null ? undefined : groupingOf(groupingName, found, labels, nowWallMs)),
    [groupingName, found, labels, nowWallMs],
  );
  if (all.length === 0) return <FirstSteps />;
  const none = <NoneFound page="nodes" />;
  if (isPhone && found.length === 0) return none;
  if (isPhone)
    return <NodeCards nodes={found} columns={columns} table={table} grouping={grouping} {...(mayOperate ? { selection } : {})} />;
  return (
    <DataTable
      label={t('nodes.title')}
      columns={columns}
      rows={found}
      keyOf={keyOf}
      nameOf={nameOf}
      sort={table.sort}
      onSort={table.setSort}
      density="dense"
      hidesColumns={table.columns === null}
      openKey={openId}
      onOpen={open}
      none={none}
      {...(grouping === undefined ? {} : { grouping })}
      {...(mayOperate ? { selection, bulkActions: (nodes: readonly NodeView[]) => <BulkActions nodes={nodes} /> } : {})}
    />
  );
}

/** The drawer of the node in the route. A node that is not in the pool opens none. */
function OpenNode({ found }: { readonly found: readonly NodeView[] }) {
  const { id } = useRoute();
  const node = useApp(({ nodes }) => (id === null ? undefined : nodes.get(id)));
  if (node === undefined) return null;
  const order = found.map(keyOf);
  return <NodeDrawer node={node} before={nextKey(order, node.node_id, -1)} after={nextKey(order, node.node_id, 1)} />;
}

/** How another computer joins: with an invitation, or after the pool was shared. */
function JoinHint() {
  const { t, gap } = useLabels();
  const isShared = useIsHeadlessShared();
  const mayInvite = useMay('manage');
  const host = useApp((app) => app.host);
  const way = !mayInvite ? 'ask' : host === null ? (isShared ? 'invite' : 'closed') : wayOf(host);
  const text = t(`nodes.join_by.${way}`);
  const href = HREFS[way];
  return (
    <p className={classes['hint']}>
      {t('nodes.only_self')}
      {gap}
      {href === undefined ? text : <a href={href}>{text}</a>}
    </p>
  );
}

/** An invitation has no address while this computer is in no local network. */
function wayOf({ scope, state, join_link: link }: HostView): 'share' | 'no_lan' | 'invite' {
  if (scope !== 'lan') return 'share';
  return state === 'running' && link === null ? 'no_lan' : 'invite';
}

const HREFS: Partial<Record<string, string>> = { invite: INVITE_HREF, share: hrefOf({ page: 'pool' }) };

/** `48 nodes · 57 GPUs · 1.06 of 2.02 TB VRAM · 54 free slots · 48 jobs running · 1,839 tokens/s` */
function Facts() {
  const labels = useLabels();
  const isPhone = useIsPhone();
  const text = useApp(({ nodes }) => (isPhone ? shortFactsText : factsText)(labels, poolFacts(nodes)));
  // A fact that does not fit is left out as a whole.
  return (
    <span className={classes['facts']}>
      {text.split(SEPARATOR).map((fact, i) => (
        <span key={i}>
          {i > 0 && SEPARATOR}
          {fact}
        </span>
      ))}
    </span>
  );
}

function Actions() {
  const { t } = useLabels();
  const mayInvite = useMay('manage');
  const isPhone = useIsPhone();
  const hasNodes = useApp(({ nodes }) => nodes.size > 0);
  const isAnySplit = useApp(({ nodes }) => [...nodes.values()].some(hasSplitUse));
  return (
    <>
      {isAnySplit && !isPhone && (
        <span className={classes['legend']}>
          <UseLegend kinds={['pool', 'owner']} whose="pool" />
        </span>
      )}
      {mayInvite && hasNodes && (
        <Button component="a" href={INVITE_HREF}>
          {t('nodes.invite')}
        </Button>
      )}
    </>
  );
}
