// Connect programs: address, key and model for every program and every kind of task, then the chosen one with its text to copy and a test.
import { useState } from 'react';
import { isPoolAwaited } from '../../../shared/api/own-host';
import { KEY_PLACEHOLDER, MODEL_PLACEHOLDER } from '../../components/connect/programs/program';
import { PROGRAMS } from '../../components/connect/programs/table';
import { modelsFor } from '../../components/connect/entry-models';
import { type PoolTarget, usePoolTarget } from '../../components/connect/use-connect-target';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { useProgramKey } from '../../queries/program-key';
import { useApp } from '../../store/Screen';
import { useRoutePart } from '../../store/use-route';
import { entryOf, taskOfEntry } from './entries';
import { EntryPart } from './EntryPart';
import { EntryPicker } from './EntryPicker';
import { FailoverNote } from './FailoverNote';
import { KeyPart } from './KeyPart';
import { ModelPart } from './ModelPart';
import { Step } from './Step';
import classes from './ConnectPage.module.css';

export function ConnectPage() {
  const { t } = useLabels();
  const target = usePoolTarget();
  const isAwaited = useApp(isPoolAwaited);
  return (
    <Page title={t('connect.title')} subtitle={t('connect.subtitle')}>
      {target === null || isAwaited ? <PoolElsewhere page="connect" /> : <Connect target={target} />}
    </Page>
  );
}

function Connect({ target }: { readonly target: PoolTarget }) {
  const { t } = useLabels();
  const platform = useApp((app) => app.app.platform);
  const entry = entryOf(useRoutePart((route) => route.id));
  const programKey = useProgramKey(target.baseUrl);
  const { value } = useReadyModels(true);
  const [isKeyShown, setKeyShown] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const ready = value?.models ?? [];
  const { models, names } = modelsFor(ready, taskOfEntry(entry));
  const [first] = models;
  // One choice for all entries: it counts again where it can.
  const model = models.find(({ model_id: id }) => id === chosen);
  const modelId = model?.model_id ?? names.find((name) => name === chosen) ?? first?.model_id ?? null;
  const key = target.needsKey ? (programKey.key ?? KEY_PLACEHOLDER) : null;
  const filled = { ...target, key, platform, model: modelId ?? MODEL_PLACEHOLDER, kind: (model ?? first)?.kind ?? 'other' };
  return (
    <>
      <Card title={<Step number={1}>{t('connect.target')}</Step>}>
        <div className={classes['facts']}>
          <CopyField label={t('connect.base_url')} value={target.baseUrl} isAddress />
          <KeyPart
            target={target}
            programKey={programKey}
            program={entry.kind === 'program' ? PROGRAMS[entry.id].name : t(`pool_task.name.${entry.id}`)}
            isShown={isKeyShown}
            onShow={setKeyShown}
          />
          <ModelPart entry={entry} ready={ready} models={models} names={names} model={modelId} onChange={setChosen} />
        </div>
        <FailoverNote baseUrl={target.baseUrl} />
      </Card>
      <Card label={t('connect.entries')} className={classes['card']}>
        <EntryPicker chosen={entry} ready={ready} />
        <EntryPart
          entry={entry}
          target={target}
          filled={filled}
          maskedKey={isKeyShown ? null : programKey.key}
          model={modelId}
          known={names.includes(modelId ?? '') ? null : (model ?? first ?? null)}
          canCopy={!target.needsKey || programKey.key !== null}
        />
      </Card>
    </>
  );
}
