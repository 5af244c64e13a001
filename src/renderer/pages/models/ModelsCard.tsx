// The models on the overview of this computer: each with its server, its measured speed and its state. A reason where a model is not ready.
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { AgentView, ModelView } from '../../../shared/api/agent-view';
import type { AppState } from '../../../shared/api/app-state';
import { failingHere, ownStatusOf } from '../../../shared/api/own-status';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { requiredModelsOf } from '../../labels/failed-check';
import { speedText } from '../../labels/measurement-labels';
import { SERVER_NAMES } from '../../labels/server-names';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { isVerifying, modelReason } from './model-labels';
import { ModelFolders } from './ModelFolders';
import { ModelProblems } from './ModelProblems';
import { OwnModelState } from './OwnModelState';
import classes from './ModelsCard.module.css';

/** The page has all of them. */
const SHOWN = 8;

interface ModelsCardProps extends Pick<AgentView, 'models' | 'model_folders' | 'model_problems'> {
  readonly runtimes: NonNullable<AgentView['runtimes']>;
}

/** Its parts of the state of the agent: most changes of the state are new readings of the GPUs. */
export const ModelsCard = memo(function ModelsCard({
  models,
  runtimes,
  model_folders: folders,
  model_problems: problems,
}: ModelsCardProps) {
  const labels = useLabels();
  const { t } = labels;
  const required = useApp(useShallow(requiredHere));
  const failing = useApp(useShallow(failingIds));
  // The models are read after the hardware.
  const isSearching = useApp(({ agent }) => agent?.hardware === null);
  const ready = models.filter(({ model_id: id, state }) => state === 'ready' && !failing.includes(id)).length;
  const count = models.length > 0 ? t('models.count', { ready, all: models.length }) : undefined;
  return (
    <Card
      title={t('models_here.title')}
      note={count}
      aside={
        <a className="link-target" href={hrefOf({ page: 'models' })}>
          {t('models_here.all')}
        </a>
      }
    >
      {models.length === 0 && (isSearching ? <p>{t('setup.searching_models')}</p> : <ModelFolders folders={folders} />)}
      <ul className={classes['models']}>
        {models.slice(0, SHOWN).map((model) => (
          <ModelRow
            key={model.model_id}
            model={model}
            source={sourceOf(model, runtimes, labels)}
            isRequired={required.includes(model.model_id)}
          />
        ))}
      </ul>
      {models.length > SHOWN && <Dim as="p">{t('models_here.more', { count: models.length - SHOWN })}</Dim>}
      <ModelProblems problems={problems} />
    </Card>
  );
});

interface ModelRowProps {
  readonly model: ModelView;
  readonly source: string;
  /** It keeps jobs away from this computer, because the pool requires it. */
  readonly isRequired: boolean;
}

const requiredHere = ({ agent }: Pick<AppState, 'agent'>): readonly string[] =>
  (agent === null ? null : ownStatusOf(agent))?.health.failed_checks.flatMap(requiredModelsOf) ?? [];

const failingIds = ({ agent }: Pick<AppState, 'agent'>): readonly string[] =>
  agent === null ? [] : failingHere(agent).map(({ model_id: id }) => id);

function ModelRow({ model, source, isRequired }: ModelRowProps) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <li>
      <div className={classes['row']}>
        <span className={classes['name']}>{model.model_id}</span>
        <span className={classes['source']}>{source}</span>
        <OwnModelState model={model} />
      </div>
      {model.state !== 'ready' && !isVerifying(model) && (
        <Dim>
          {modelReason(model, labels)}
          {isRequired && ` · ${t('models_here.required')}`}
        </Dim>
      )}
    </li>
  );
}

/** `Ollama · 48 tokens/s`: a line may end after the server, not within the speed. */
function sourceOf(
  { folder, runtime_id: id, measurement }: ModelView,
  runtimes: NonNullable<AgentView['runtimes']>,
  labels: Labels,
): string {
  const { t } = labels;
  const runtime = runtimes.find((one) => one.id === id);
  const server =
    folder === '' ? (runtime === undefined ? null : (SERVER_NAMES[runtime.type] ?? t('runtimes.other'))) : t('models_here.folder');
  const speed = measurement?.state === 'answered' ? measurement.tokens_per_second : null;
  return [...(server === null ? [] : [server]), ...(speed === null ? [] : [speedText(speed, labels).replaceAll(' ', '\u00a0')])].join(
    ' · ',
  );
}
