// How to send a job to this pool: the base URL for OpenAI clients, and commands to copy, with a model that is ready.
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { AppState } from '../../../shared/api/app-state';
import { pinOfLink } from '../../../shared/api/join-link';
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { useApp, useScreen } from '../../store/Screen';
import { curlExample, modelsInViews, modelsWithoutTask, PLACEHOLDER, readyModels, submitExample } from './send-examples';
import classes from './SendCard.module.css';
import { TrustSection } from './TrustSection';

export function SendCard() {
  const { t } = useLabels();
  const { endpoint } = useScreen();
  const host = useApp((app) => app.host);
  const platform = useApp((app) => app.app.platform);
  const [chosen, setChosen] = useState<string | null>(null);
  const ready = useReadyPoolModels();
  const models = readyModels(ready);
  const model = models.find(({ model_id }) => model_id === chosen) ?? models[0];
  // A shared pool has an address that works on this computer and on others.
  const baseUrl = host?.lan_urls[0] ?? host?.url ?? endpoint.url;
  if (baseUrl === null) return null;
  const needsToken = host === null ? endpoint.hasToken() : host.scope === 'lan';
  const target = { baseUrl, needsToken, platform, pin: pinOfLink(host?.join_link ?? null) };
  const curl = curlExample(target, model ?? PLACEHOLDER);
  const submit = submitExample(target, model ?? PLACEHOLDER);
  return (
    <Card title={t('jobs.send')}>
      <div className={classes['send']}>
        <div className={classes['fields']}>
          <CopyField label={t('jobs.base_url')} value={`${baseUrl}/v1`} />
          {model !== undefined && (
            <NativeSelect
              label={t('jobs.model')}
              classNames={{ label: classes['label'] ?? '' }}
              value={model.model_id}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={models.map(({ model_id, kind }) => ({
                value: model_id,
                label: `${model_id}${t('punctuation.in_brackets', { text: t(`model_kind.${kind}`) })}`,
              }))}
            />
          )}
        </div>
        {model === undefined && <NoModel ready={ready} />}
        {needsToken && <p>{t('jobs.token')}</p>}
        {curl !== null && <CopyField label={t('jobs.with_curl')} value={curl} />}
        {submit !== null && <CopyField label={t('jobs.with_muster')} value={submit} />}
        <Dim as="p">{t('jobs.appears')}</Dim>
        {target.pin !== null && <TrustSection baseUrl={baseUrl} caFile={host?.ca_file ?? null} />}
      </div>
    </Card>
  );
}

/** The ready models of the pool. An older scheduler sends them with every node, and has no list. */
function useReadyPoolModels(): readonly ReadyPoolModel[] {
  const [modelsOf] = useState(createModelsOf);
  const inViews = useApp(({ nodes }) => modelsOf(nodes));
  const { value } = useReadyModels(inViews.length === 0);
  return inViews.length > 0 ? inViews : (value?.models ?? []);
}

/** Returns the same array while its content is unchanged: nodes change many times a second, their models seldom. */
function createModelsOf(): (nodes: AppState['nodes']) => readonly ReadyPoolModel[] {
  let known = '[]';
  let models: readonly ReadyPoolModel[] = [];
  return (nodes) => {
    const next = modelsInViews([...nodes.values()]);
    const text = JSON.stringify(next);
    if (text !== known) [known, models] = [text, next];
    return models;
  };
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
      {withoutTask.length === 0 ? t('jobs.no_model') : t('jobs.no_task', { models: models.join(t('punctuation.comma')) })}
      {gap}
      {t('jobs.placeholder')}
    </p>
  );
}
