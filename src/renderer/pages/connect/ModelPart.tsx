// The model of every example. The list has those that serve the chosen program or kind of task.
import { Button, NativeSelect } from '@mantine/core';
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import { type EntryModels, modelsWithoutTask } from '../../components/connect/entry-models';
import { MODEL_PLACEHOLDER } from '../../components/connect/programs/program';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import type { Entry } from './entries';
import { Fact } from './Fact';
import classes from './ConnectPage.module.css';

export interface ModelPartProps extends EntryModels {
  readonly entry: Entry;
  readonly ready: readonly ReadyPoolModel[];
  readonly model: string | null;
  readonly onChange: (model: string) => void;
}

export function ModelPart({ entry, ready, models, names, model, onChange }: ModelPartProps) {
  const { t } = useLabels();
  if (model === null) return <NoModel entry={entry} ready={ready} />;
  const ids = models.map(({ model_id: id }) => id);
  return (
    <div className={classes['fact']}>
      <NativeSelect
        label={t('connect.model')}
        value={model}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={names.length === 0 ? ids : [...ids, { group: t('connect.names'), items: [...names] }]}
      />
      {entry.kind === 'task' && <Dim as="p">{t('connect.models_task', { task: t(`pool_task.name.${entry.id}`) })}</Dim>}
    </div>
  );
}

/** The sentence names only this many models: a pool may have thousands. */
const NAMED = 3;

/** Why the examples have a placeholder instead of a model. */
function NoModel({ entry, ready }: Pick<ModelPartProps, 'entry' | 'ready'>) {
  const { t, gap } = useLabels();
  const withoutTask = modelsWithoutTask(ready);
  const more = withoutTask.length - NAMED;
  const named = [...withoutTask.slice(0, NAMED), ...(more > 0 ? [t('connect.more_models', { count: more })] : [])];
  const isAnyOther = withoutTask.length < ready.length;
  return (
    <Fact label={t('connect.model')}>
      <p>
        {ready.length === 0 && t('connect.no_model')}
        {isAnyOther &&
          (entry.kind === 'program' ? t('connect.no_chat_model') : t('connect.no_task_model', { task: t(`pool_task.name.${entry.id}`) }))}
        {ready.length > 0 && !isAnyOther && t('connect.no_task', { models: named.join(t('punctuation.list')) })}
        {gap}
        {t('connect.placeholder', { placeholder: MODEL_PLACEHOLDER })}
      </p>
      <Button component="a" size="compact-sm" variant="default" href={hrefOf({ page: 'models' })}>
        {t('try_it.open_models')}
      </Button>
    </Fact>
  );
}
