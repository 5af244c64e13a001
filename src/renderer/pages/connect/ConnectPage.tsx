// Connect programs: address, key and certificate that every program needs, a test, and the text to copy for the chosen program.
import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { KEY_PLACEHOLDER, MODEL_PLACEHOLDER } from '../../components/connect/programs/program';
import { type PoolTarget, usePoolTarget } from '../../components/connect/use-connect-target';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { type ProgramKey, useProgramKey } from '../../queries/program-key';
import { AUTO_MODEL } from '../../../shared/model-aliases';
import { takes } from '../../../shared/protocol/task-kinds';
import { useApp } from '../../store/Screen';
import { OtherTasksCard } from './OtherTasksCard';
import { ProgramsCard } from './ProgramsCard';
import { TestButton } from './TestButton';
import classes from './ConnectPage.module.css';

export function ConnectPage() {
  const { t } = useLabels();
  const target = usePoolTarget();
  return (
    <Page title={t('connect.title')} subtitle={t('connect.subtitle')}>
      {target === null ? <Card title={t('connect.target')}>{t('connect.no_pool')}</Card> : <Connect target={target} />}
    </Page>
  );
}

function Connect({ target }: { readonly target: PoolTarget }) {
  const { t } = useLabels();
  const platform = useApp((app) => app.app.platform);
  const programKey = useProgramKey(target.baseUrl);
  const { models, names } = useChatModels();
  const [chosen, setChosen] = useState<string | null>(null);
  const model = [...models, ...names].find((id) => id === chosen) ?? models[0] ?? null;
  const key = target.needsKey ? (programKey.key ?? KEY_PLACEHOLDER) : null;
  return (
    <>
      <Card title={t('connect.target')}>
        <div className={classes['facts']}>
          <CopyField label={t('connect.base_url')} value={target.baseUrl} />
          <KeyPart target={target} programKey={programKey} />
          {target.caFile !== null && <TrustPart caFile={target.isCaHere ? target.caFile : null} />}
          <div className={classes['model']} data-below={target.caFile === null || undefined}>
            {models.length > 0 ? (
              <NativeSelect
                label={t('connect.model')}
                value={model ?? ''}
                onChange={(event) => setChosen(event.currentTarget.value)}
                data={[...models, { group: t('connect.names'), items: [...names] }]}
              />
            ) : (
              <p>{t('connect.no_model')}</p>
            )}
            {model !== null && <TestButton key={`${target.baseUrl} ${model}`} model={model} />}
          </div>
        </div>
      </Card>
      <ProgramsCard target={{ ...target, key, model: model ?? MODEL_PLACEHOLDER, platform }} />
      <OtherTasksCard target={target} />
    </>
  );
}

/** `caFile`: on this computer. Null: on another one. */
function TrustPart({ caFile }: { readonly caFile: string | null }) {
  const { t } = useLabels();
  return (
    <div className={classes['fact']}>
      {caFile === null ? (
        <Fact label={t('connect.trust')}>
          <p>{t('connect.trust_where')}</p>
        </Fact>
      ) : (
        <CopyField label={t('connect.trust')} value={caFile} />
      )}
      <Dim as="p">{t('connect.trust_text')}</Dim>
    </div>
  );
}

function KeyPart({ target, programKey }: { readonly target: PoolTarget; readonly programKey: ProgramKey }) {
  const { t } = useLabels();
  const { key, pending, error, create } = programKey;
  if (!target.needsKey) return <Fact label={t('connect.key')}>{t('connect.no_key')}</Fact>;
  if (key !== null)
    return (
      <div className={classes['fact']}>
        <CopyField label={t('connect.key')} value={key} />
        <Dim as="p">{t('connect.key_shown')}</Dim>
      </div>
    );
  const createAndCopy = async (): Promise<void> => {
    const made = await create(t('connect.key_name'));
    if (made !== null) await navigator.clipboard.writeText(made).catch(() => undefined);
  };
  if (!target.mayCreateKey)
    return (
      <Fact label={t('connect.key')}>
        <p>{t('connect.key_ask', { placeholder: KEY_PLACEHOLDER })}</p>
        {target.membersUrl !== null && <CopyField label={t('connect.key_members')} value={target.membersUrl} />}
      </Fact>
    );
  return (
    <Fact label={t('connect.key')}>
      <p>{t('connect.key_again')}</p>
      <Button size="compact-md" variant="default" loading={pending} onClick={() => void createAndCopy()}>
        {t('connect.create_and_copy')}
      </Button>
      <ErrorNote error={error} />
    </Fact>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes['fact']}>
      <div className={classes['label']}>{label}</div>
      {children}
    </div>
  );
}

interface ChatModels {
  /** In memory on most nodes first. */
  readonly models: readonly string[];
  /** Their further names, and `auto`. */
  readonly names: readonly string[];
}

function useChatModels(): ChatModels {
  const { value } = useReadyModels(true);
  const chats = (value?.models ?? [])
    .filter(({ kind, tasks }) => (tasks === null ? kind === 'llm' || kind === 'other' : takes(tasks, '/v1/chat/completions')))
    .toSorted((one, other) => (other.nodes_loaded ?? 0) - (one.nodes_loaded ?? 0) || one.model_id.localeCompare(other.model_id));
  const models = chats.map(({ model_id: id }) => id);
  const aliases = new Set(chats.flatMap((model) => model.aliases ?? []));
  return { models, names: [...[...aliases].filter((name) => !models.includes(name)).toSorted(), AUTO_MODEL] };
}
