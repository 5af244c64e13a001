// The models of a node: state, GPU memory, speed and load time, and the actions of an operator. Of a long list the first ones.
import { useState } from 'react';
import type { NodeView } from '../../../shared/api/node-view';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { type ModelControl, ModelMemory } from '../../components/ModelMemory';
import { Rich } from '../../components/Rich';
import { StatusLabel } from '../../components/StatusLabel';
import { ClockTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { useModelControl } from '../../queries/model-control';
import { useNode } from '../../queries/nodes';
import { modelCount } from './node-figures';
import { type ModelLine, modelLines } from './model-lines';
import { ShowAllButton } from './ShowAllButton';
import classes from './NodeDrawer.module.css';

const SHOWN_MODELS = 8;

export function ModelsSection({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { t, format } = labels;
  const [showsAll, setShowsAll] = useState(false);
  // An older scheduler sends the models with every node.
  const { value } = useNode(node.node_id, node.installed_models === undefined);
  const control = useModelControl(node.node_id);
  const detailed = node.installed_models === undefined ? value : node;
  if (detailed === null && node.models?.installed !== 0) return null;
  const lines = modelLines({ ...(detailed ?? node), online: node.online }, labels);
  // A figure that no model has is no column.
  const has = {
    vram: lines.some(({ vramGb }) => vramGb !== null),
    rate: lines.some(({ tokensPerSecond }) => tokensPerSecond !== null),
    load: lines.some(({ loadSeconds }) => loadSeconds !== null),
  };
  const { ready, enabled } = modelCount(detailed ?? node);
  return (
    <section>
      <h3>
        {node.online || node.last_heartbeat_at === null ? (
          t('nodes.model_list')
        ) : (
          <Rich k="nodes.model_list_old" values={{ at: <ClockTime wallMs={node.last_heartbeat_at} /> }} />
        )}{' '}
        {node.online && enabled > 0 && (
          <Dim as="span">{t('nodes.models_ready', { ready: format.number(ready), enabled: format.number(enabled) })}</Dim>
        )}
      </h3>
      {lines.length === 0 && <p>{t('nodes.no_models')}</p>}
      <ErrorNote error={control.operation.error} />
      {lines.length > 0 && (
        <table className={classes['table']}>
          <Head has={has} />
          <tbody>
            {(showsAll ? lines : lines.slice(0, SHOWN_MODELS)).map((line) => (
              <ModelRow
                key={line.modelId}
                line={line}
                has={has}
                nodeName={node.name}
                control={node.online && node.model_control === true ? control : null}
              />
            ))}
          </tbody>
        </table>
      )}
      {lines.length > SHOWN_MODELS && (
        <ShowAllButton
          showsAll={showsAll}
          onChange={setShowsAll}
          all={t('nodes.all_models', { count: lines.length, shown: format.number(lines.length) })}
          fewer={t('nodes.fewer_models')}
        />
      )}
    </section>
  );
}

interface Figures {
  readonly vram: boolean;
  readonly rate: boolean;
  readonly load: boolean;
}

function Head({ has }: { readonly has: Figures }) {
  const { t } = useLabels();
  return (
    <thead>
      <tr>
        <th scope="col">{t('nodes.model')}</th>
        <th scope="col">{t('nodes.model_state')}</th>
        {has.vram && (
          <th scope="col" data-align="number" data-secondary>
            {t('nodes.model_vram')}
          </th>
        )}
        {has.rate && (
          <th scope="col" data-align="number">
            {t('nodes.tokens')}
          </th>
        )}
        {has.load && (
          <th scope="col" data-align="number" data-secondary title={t('nodes.load_time_help')}>
            {t('nodes.load_time')}
          </th>
        )}
      </tr>
    </thead>
  );
}

interface ModelRowProps {
  readonly line: ModelLine;
  /** The columns of figures. */
  readonly has: Figures;
  readonly nodeName: string;
  readonly control: ModelControl | null;
}

function ModelRow({ line, has, nodeName, control }: ModelRowProps) {
  const { t, format } = useLabels();
  const { modelId, state, residency, actions, note, reason, vramGb, tokensPerSecond, loadSeconds } = line;
  const none = t('unknown.none');
  return (
    <tr>
      <td>
        {modelId}
        {note !== null && <Dim as="div">{note}</Dim>}
      </td>
      <td>
        <div className={classes['state']}>
          {state !== null && <StatusLabel shape={state.shape} label={state.text} />}
          <ModelMemory modelId={modelId} nodeName={nodeName} residency={residency} actions={actions} control={control} />
        </div>
        {reason !== null && <Dim as="div">{reason}</Dim>}
      </td>
      {has.vram && (
        <td data-align="number" data-secondary>
          {vramGb === null ? none : format.gb(vramGb)}
        </td>
      )}
      {has.rate && (
        <td data-align="number">{tokensPerSecond === null ? none : format.number(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0)}</td>
      )}
      {has.load && (
        <td data-align="number" data-secondary>
          {loadSeconds === null ? none : format.took(loadSeconds * 1000)}
        </td>
      )}
    </tr>
  );
}
