// In the drawer of a model: what a user does with it, its use in the last days, and the nodes that have it.
import { Button, Group } from '@mantine/core';
import { availabilityOf } from '../../../shared/api/availability';
import { AvailabilityLabel, AvailabilityReason } from '../../components/Availability';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { NodeName } from '../../components/NodeName';
import { useMay } from '../../components/RightNote';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { type NodeModelLabel, nodeModelLabel } from '../../labels/node-model-labels';
import { residencyLabel } from '../../labels/residency-labels';
import { useNode, useNodesWithModel } from '../../queries/nodes';
import { useUsage } from '../../queries/usage';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { usableModels } from '../../queries/usable-models';
import { useMayAsk } from '../../queries/use-may-ask';
import type { ModelRow } from './model-rows';
import classes from './ModelDrawer.module.css';

/** The page of the nodes has the others. */
const MOST_NODES = 6;

export interface ModelInPoolProps {
  readonly row: ModelRow;
  /** False: the name is copied elsewhere. */
  readonly hasCopy?: boolean;
}

export function ModelInPool({ row: { modelId, own, pool, missing }, hasCopy = true }: ModelInPoolProps) {
  const { t } = useLabels();
  const mayAsk = useMayAsk();
  const mayView = useMay('view');
  const isUsable = mayAsk && pool !== null && usableModels([pool]).length > 0;
  return (
    <>
      {(isUsable || hasCopy) && (
        <Group gap="xs">
          {isUsable && (
            <Button component="a" size="compact-sm" variant="default" href={hrefOf({ page: 'try', id: modelId })}>
              {t('nav.try')}
            </Button>
          )}
          {hasCopy && <CopyButton size="compact-sm" value={modelId} text={t('own_models.copy_name')} />}
        </Group>
      )}
      {/* No request of a model that no node has was answered. */}
      {mayView && (own !== null || pool !== null) && <Use modelId={modelId} />}
      {(pool !== null || missing !== null) && <Nodes modelId={modelId} />}
    </>
  );
}

function Use({ modelId }: { readonly modelId: string }) {
  const { t, format, gap } = useLabels();
  const { value } = useUsage({ by: 'model', model: modelId });
  if (value === null) return null;
  const { requests, prompt_tokens: prompt, output_tokens: output } = value.total;
  return (
    <section className={classes['part']}>
      <h3>{t('own_models.use')}</h3>
      {requests === 0 ? (
        <Dim as="p">{t('own_models.use_none')}</Dim>
      ) : (
        <p>
          {t('own_models.use_text', { count: requests, formatted: format.number(requests), tokens: format.compact(prompt + output) })}
          {gap}
          <a
            href={hrefOf({
              page: 'usage',
              filters: [
                { key: 'by', value: 'key' },
                { key: 'model', value: modelId },
              ],
            })}
          >
            {t('own_models.use_more')}
          </a>
        </p>
      )}
    </section>
  );
}

function Nodes({ modelId }: { readonly modelId: string }) {
  const { t, format } = useLabels();
  const ids = useNodesWithModel(modelId).value?.node_ids ?? [];
  if (ids.length === 0) return null;
  return (
    <section className={classes['part']}>
      <h3>
        {t('own_models.nodes_with')} <Dim as="span">{format.number(ids.length)}</Dim>
      </h3>
      <ul className={classes['nodes']}>
        {ids.slice(0, MOST_NODES).map((id) => (
          <NodeWithModel key={id} nodeId={id} modelId={modelId} />
        ))}
        {ids.length > MOST_NODES && (
          <li>
            <a href={hrefOf({ page: 'nodes', search: modelId })}>{t('own_models.nodes_all', { count: format.number(ids.length) })}</a>
          </li>
        )}
      </ul>
    </section>
  );
}

/** The state of the model there, and why it is not usable: by the node itself, or by the model. */
function NodeWithModel({ nodeId, modelId }: { readonly nodeId: string; readonly modelId: string }) {
  const labels = useLabels();
  const node = useApp(({ nodes }) => nodes.get(nodeId));
  const hasModels = node?.installed_models !== undefined;
  const { value } = useNode(nodeId, !hasModels);
  const withModels = hasModels ? node : value;
  const there = withModels === null ? null : nodeModelLabel(withModels, modelId, labels);
  // The search for nodes also finds models with a longer name.
  if (there !== null && there.state === null && there.residency === undefined) return null;
  const isOffered = node === undefined || ['available', 'full'].includes(availabilityOf(node).state);
  return (
    <li>
      <a href={hrefOf({ page: 'nodes', id: nodeId })}>
        <NodeName nodeId={nodeId} />
      </a>
      {!isOffered && (
        <>
          <AvailabilityLabel node={node} />
          <Dim as="span">
            <AvailabilityReason node={node} isShort />
          </Dim>
        </>
      )}
      {/* Beside the state of the node, "Ready" would contradict it. */}
      {there !== null && (isOffered || there.reason !== null) && <StateThere {...there} />}
    </li>
  );
}

function StateThere({ state, residency, reason }: NodeModelLabel) {
  const labels = useLabels();
  return (
    <>
      {state !== null && <StatusLabel shape={state.shape} label={state.text} />}
      {state === null && residency !== undefined && <StatusLabel {...residencyLabel(residency, labels)} />}
      {reason !== null && <Dim as="span">{reason}</Dim>}
    </>
  );
}
