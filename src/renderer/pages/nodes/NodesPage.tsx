// The nodes of the pool: each with its status, reason and figures; details and acts in a drawer.
import { useShallow } from 'zustand/react/shallow';
import type { HostView } from '../../../shared/api/app-state';
import { nodeCounts } from '../../store/nodes';
import { useApp, useScreen } from '../../store/Screen';
import { NODE_STATUSES } from '../../../shared/protocol/status';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Page } from '../../components/Page';
import { Rich } from '../../components/Rich';
import { StatusWord } from '../../components/StatusWord';
import { Table } from '../../components/Table';
import { useWords } from '../../i18n/use-words';
import { useRoute } from '../../store/use-route';
import { NodeDrawer } from './NodeDrawer';
import { NodeRow } from './NodeRow';
import classes from './NodesPage.module.css';

export function NodesPage() {
  const { t } = useWords();
  const nodes = useApp((app) => app.nodes);
  const massLoss = useApp((app) => app.pool?.mass_loss ?? null);
  const ownId = useApp((app) => app.agent?.node_id ?? null);
  const opened = useRoute().id;
  const columns = (['name', 'status', 'since', 'gpus', 'models', 'jobs', 'heartbeat', 'version'] as const).map((column) =>
    t(`nodes.${column}`),
  );
  const sorted = [...nodes.values()].sort((one, other) => one.name.localeCompare(other.name) || one.node_id.localeCompare(other.node_id));
  const isOnlySelf = nodes.size === 1 && ownId !== null && nodes.has(ownId);
  return (
    <Page title={t('nodes.title')} aside={<StatusCounts />}>
      {massLoss !== null && (
        <Card label={t('nodes.title')} tone="warning">
          <p role="alert">
            <Rich k="nodes.mass_loss" values={{ lost: massLoss.lost, total: massLoss.of, age: <Ago timeMs={massLoss.since} /> }} />
          </p>
        </Card>
      )}
      <Card label={t('nodes.title')}>
        {nodes.size === 0 ? (
          <p>{t('nodes.none')}</p>
        ) : (
          <Table label={t('nodes.title')} columns={columns}>
            {sorted.map((node) => (
              <NodeRow key={node.node_id} node={node} isThisComputer={node.node_id === ownId} />
            ))}
          </Table>
        )}
      </Card>
      {isOnlySelf && <JoinHint />}
      <NodeDrawer node={(opened === null ? null : nodes.get(opened)) ?? null} />
    </Page>
  );
}

/** As the page Pool has it: a link, a command, or what would open the pool to others. */
function JoinHint() {
  const { t, gap } = useWords();
  const { place } = useScreen();
  const host = useApp((app) => app.host);
  const way = host === null ? (place.hasToken() ? 'command' : 'closed') : wayInto(host);
  return (
    <p className={classes['hint']}>
      {t('nodes.only_self')}
      {gap}
      {t(`nodes.join_by.${way}`)}
    </p>
  );
}

/** A host that runs and is shared has no link where this computer is in no network that others are in. */
function wayInto({ scope, state, join_link: link }: HostView): 'share' | 'no_lan' | 'link' {
  if (scope !== 'lan') return 'share';
  return state === 'running' && link === null ? 'no_lan' : 'link';
}

function StatusCounts() {
  const { t } = useWords();
  const byStatus = useApp(useShallow((app) => nodeCounts(app.nodes).byStatus));
  const counts = NODE_STATUSES.map((status) => ({ status, count: byStatus[status] })).filter(({ count }) => count > 0);
  return (
    <ul className={classes['counts']} aria-label={t('nodes.status_counts')}>
      {counts.map(({ status, count }) => (
        <li key={status}>
          <StatusWord shape={status} word={`${String(count)} ${t(`status.${status}`)}`} />
        </li>
      ))}
    </ul>
  );
}
