// The models on the overview of this computer, each with its state and reason.
import type { AgentView, ModelView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { modelReason, modelStateLabel } from './model-labels';
import { ModelFolders } from './ModelFolders';
import { ModelProblems } from './ModelProblems';
import classes from './ModelsCard.module.css';

export function ModelsCard({ agent }: { readonly agent: AgentView }) {
  const labels = useLabels();
  const { t } = labels;
  const { models } = agent;
  const ready = models.filter((model) => model.state === 'ready').length;
  return (
    <Card title={t('models.title')} aside={models.length > 0 ? t('models.count', { ready, all: models.length }) : undefined}>
      {models.length === 0 && <ModelFolders folders={agent.model_folders} />}
      <ul className={classes['models']}>
        {models.map((model) => {
          const { shape, label } = modelStateLabel(model, labels);
          return (
            <li key={model.model_id}>
              <div className={classes['row']}>
                <span className={classes['name']}>{model.model_id}</span>
                <StatusLabel shape={shape} label={label} />
              </div>
              <Dim>{kindAndReason(model, labels)}</Dim>
            </li>
          );
        })}
      </ul>
      <ModelProblems problems={agent.model_problems} />
    </Card>
  );
}

function kindAndReason(model: ModelView, labels: Labels): string {
  const kind = model.kind === 'other' ? [] : [labels.code('model_kind', model.kind)];
  return [...kind, modelReason(model, labels)].join(labels.t('punctuation.comma'));
}
