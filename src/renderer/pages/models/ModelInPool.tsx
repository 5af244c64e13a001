// In the drawer of a model: what a user does with it, its use in the last days, and the nodes that have it.
import { Button, Group } from '@mantine/core';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { useNodeNames } from '../../components/NodeName';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useNodesWithModel } from '../../queries/nodes';
import { useUsage } from '../../queries/usage';
import { hrefOf } from '../../routes';
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

export function ModelInPool({ row: { modelId, own, pool }, hasCopy = true }: ModelInPoolProps) {
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
      {pool !== null && <Nodes modelId={modelId} />}
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
  const nameOf = useNodeNames();
  const ids = useNodesWithModel(modelId).value?.node_ids ?? [];
  if (ids.length === 0) return null;
  return (
    <section className={classes['part']}>
      <h3>
        {t('own_models.nodes_with')} <Dim as="span">{format.number(ids.length)}</Dim>
      </h3>
      <ul className={classes['nodes']}>
        {ids.slice(0, MOST_NODES).map((id) => (
          <li key={id}>
            <a href={hrefOf({ page: 'nodes', id })}>{nameOf(id)}</a>
          </li>
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
