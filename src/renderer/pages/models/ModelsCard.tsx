// The Overview's models: each with its state and why.
import type { AgentView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { StatusWord } from '../../components/StatusWord';
import { useWords } from '../../i18n/use-words';
import { modelReason, modelState } from './model-words';
import { ModelFolders } from './ModelFolders';
import { ModelProblems } from './ModelProblems';
import classes from './ModelsCard.module.css';

export function ModelsCard({ agent }: { readonly agent: AgentView }) {
  const words = useWords();
  const { t } = words;
  const { models } = agent;
  const ready = models.filter((model) => model.state === 'ready').length;
  return (
    <Card title={t('models.title')} aside={models.length > 0 ? t('models.count', { ready, all: models.length }) : undefined}>
      {models.length === 0 && <ModelFolders folders={agent.model_folders} />}
      <ul className={classes['models']}>
        {models.map((model) => {
          const { shape, word } = modelState(model, words);
          return (
            <li key={model.model_id}>
              <div className={classes['row']}>
                <span className={classes['name']}>{model.model_id}</span>
                <StatusWord shape={shape} word={word} />
              </div>
              <Dim>{[words.code('model_kind', model.kind), modelReason(model, words)].join(t('punctuation.comma'))}</Dim>
            </li>
          );
        })}
      </ul>
      <ModelProblems problems={agent.model_problems} />
    </Card>
  );
}
