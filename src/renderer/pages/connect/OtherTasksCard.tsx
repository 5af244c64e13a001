// Every kind of task, with curl and with `muster submit`: for a model that is ready and a task that the model supports.
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import { Card } from '../../components/Card';
import type { PoolTarget } from '../../components/connect/use-connect-target';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { useApp } from '../../store/Screen';
import classes from './ConnectPage.module.css';
import { curlExample, modelsWithoutTask, PLACEHOLDER, readyModels, submitExample } from './send-examples';

export function OtherTasksCard({ target: { baseUrl, needsKey, caFile, pin } }: { readonly target: PoolTarget }) {
  const { t } = useLabels();
  const platform = useApp((app) => app.app.platform);
  const [chosen, setChosen] = useState<string | null>(null);
  const { value } = useReadyModels(true);
  const ready = value?.models ?? [];
  const models = readyModels(ready);
  const model = models.find(({ model_id }) => model_id === chosen) ?? models[0];
  const target = { baseUrl: baseUrl.replace(/\/v1$/, ''), needsToken: needsKey, platform, caFile, pin };
  const curl = curlExample(target, model ?? PLACEHOLDER);
  const submit = submitExample(target, model ?? PLACEHOLDER);
  return (
    <Card title={t('connect.other_tasks')}>
      <div className={classes['facts']}>
        <div className={classes['needs']}>
          {model === undefined ? (
            <NoModel ready={ready} />
          ) : (
            <NativeSelect
              label={t('jobs.model')}
              value={model.model_id}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={models.map(({ model_id, kind }) => ({
                value: model_id,
                label: `${model_id}${t('punctuation.in_brackets', { text: t(`model_kind.${kind}`) })}`,
              }))}
            />
          )}
          {needsKey && <p>{t('jobs.token')}</p>}
          <Dim as="p">{t('jobs.appears')}</Dim>
        </div>
        <div className={classes['needs']}>
          {curl !== null && <CopyField label={t('jobs.with_curl')} value={curl} />}
          {submit !== null && <CopyField label={t('jobs.with_muster')} value={submit} />}
        </div>
      </div>
    </Card>
  );
}

/** The sentence names only this many models: a pool may have thousands. */
const NAMED = 3;

/** Why the examples have a placeholder instead of a model. */
function NoModel({ ready }: { readonly ready: readonly ReadyPoolModel[] }) {
  const { t, gap } = useLabels();
  const withoutTask = modelsWithoutTask(ready);
  const more = withoutTask.length - NAMED;
  const models = [...withoutTask.slice(0, NAMED), ...(more > 0 ? [t('jobs.more_models', { count: more })] : [])];
  return (
    <p>
      {withoutTask.length === 0 ? t('jobs.no_model') : t('jobs.no_task', { models: models.join(t('punctuation.list')) })}
      {gap}
      {t('jobs.placeholder')}
    </p>
  );
}
