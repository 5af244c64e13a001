// How many nodes of the pool are ready, and how many of them are available, full or busy. Each count is a link to these nodes.
import { READY_STATES } from '../../shared/api/availability';
import type { AvailabilityState } from '../../shared/protocol/status';
import { StatusLabel } from '../components/StatusLabel';
import { useLabels } from '../i18n/use-labels';
import { readyCount } from '../labels/node-counts';
import { hrefOf } from '../routes';
import { nodeCounts } from '../store/nodes';
import { useApp } from '../store/Screen';
import classes from './ReadyCounts.module.css';

export function ReadyCounts() {
  return (
    <>
      <Ready />
      {READY_STATES.map((state) => (
        <Count key={state} state={state} />
      ))}
    </>
  );
}

function Ready() {
  const { t, format } = useLabels();
  const ready = useApp(({ nodes }) => readyCount(nodeCounts(nodes).byState));
  const count = useApp(({ nodes }) => nodes.size);
  return <span className={classes['ready']}>{t('rail.ready', { count, ready: format.number(ready), total: format.number(count) })}</span>;
}

/** Renders again only when the count changes. */
function Count({ state }: { readonly state: AvailabilityState }) {
  const { t, format } = useLabels();
  const count = useApp(({ nodes }) => nodeCounts(nodes).byState[state]);
  if (count === 0) return null;
  return (
    <a className={classes['count']} href={hrefOf({ page: 'nodes', state })} title={t(`availability.${state}`)}>
      <StatusLabel shape={state} label={<span className={classes['word']}>{t(`availability.${state}`)}</span>} />{' '}
      <span>{format.number(count)}</span>
    </a>
  );
}

/** Where this computer is the only node, its own state says the same. */
export const useHasReadyCounts = (): boolean =>
  useApp(
    ({ pool, nodes, agent }) =>
      pool !== null && nodes.size > 0 && !(nodes.size === 1 && agent?.node_id != null && nodes.has(agent.node_id)),
  );
