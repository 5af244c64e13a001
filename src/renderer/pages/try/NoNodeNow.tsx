// Before a message is sent: that it will wait, since no node with the model takes jobs now, and why.
import { useShallow } from 'zustand/react/shallow';
import { availabilityOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import { AVAILABILITY_STATES } from '../../../shared/protocol/status';
import { AvailabilityReason } from '../../components/Availability';
import { NodeName } from '../../components/NodeName';
import { useLabels } from '../../i18n/use-labels';
import { useNodesWithModel } from '../../queries/nodes';
import { nodeCounts } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import classes from './Composer.module.css';

export function NoNodeNow({ model }: { readonly model: string }) {
  const { t, gap, format } = useLabels();
  const { value } = useNodesWithModel(model);
  const nodes = useApp(useShallow((app) => unavailableNodes(app.nodes, value?.node_ids ?? [])));
  const [first] = nodes;
  if (first === undefined) return null;
  return (
    <p className={classes['note']} role="status">
      {t('try_it.will_wait')}
      {gap}
      {nodes.length === 1 ? (
        <>
          <NodeName nodeId={first.node_id} />
          {t('punctuation.colon')}
          {t(`availability.${availabilityOf(first).state}`)}
          {' · '}
          <AvailabilityReason node={first} />
        </>
      ) : (
        countsOf(nodes)
          .map(([state, count]) => `${t(`availability.${state}`)} ${format.number(count)}`)
          .join(t('punctuation.list'))
      )}
    </p>
  );
}

/** Empty also while one of them is available or not known. The ids may be those of models with a longer name too. */
function unavailableNodes(all: ReadonlyMap<string, NodeView>, nodeIds: readonly string[]): readonly NodeView[] {
  const nodes: NodeView[] = [];
  for (const id of nodeIds) {
    const node = all.get(id);
    if (node === undefined || availabilityOf(node).state === 'available') return [];
    nodes.push(node);
  }
  return nodes;
}

function countsOf(nodes: readonly NodeView[]) {
  const { byState } = nodeCounts(new Map(nodes.map((node) => [node.node_id, node])));
  return AVAILABILITY_STATES.map((state) => [state, byState[state]] as const).filter(([, count]) => count > 0);
}
