// Connect programs: address, key and certificate that every program needs, a test, and one card for each program with its text to copy.
import { Button, CopyButton, NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { connectExamples, KEY_PLACEHOLDER, type Program, PROGRAM_NAMES, PROGRAMS } from '../../components/connect/connect-examples';
import { type PoolTarget, usePoolTarget } from '../../components/connect/use-connect-target';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { useIsHeadlessShared } from '../../queries/is-shared';
import { useReadyModels } from '../../queries/nodes';
import { type ProgramKey, useProgramKey } from '../../queries/program-key';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { takes } from '../../../shared/protocol/task-kinds';
import { useApp } from '../../store/Screen';
import { OtherTasksCard } from './OtherTasksCard';
import { TestButton } from './TestButton';
import classes from './ConnectPage.module.css';

export function ConnectPage() {
  const { t } = useLabels();
  const target = usePoolTarget(useIsHeadlessShared());
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
  const models = useChatModels();
  const [chosen, setChosen] = useState<string | null>(null);
  const model = models.find((id) => id === chosen) ?? models[0] ?? null;
  const key = target.needsKey ? (programKey.key ?? KEY_PLACEHOLDER) : null;
  const examples = connectExamples({ ...target, key, model: model ?? 'MODEL', platform });
  const isLoopback = isLoopbackUrlHost(new URL(target.baseUrl).hostname);
  return (
    <>
      <Card title={t('connect.target')}>
        <div className={classes['facts']}>
          <CopyField label={t('connect.base_url')} value={target.baseUrl} />
          <KeyPart target={target} programKey={programKey} />
          {models.length > 0 ? (
            <NativeSelect
              label={t('connect.model')}
              value={model ?? ''}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={[...models]}
            />
          ) : (
            <p>{t('connect.no_model')}</p>
          )}
          {model !== null && <TestButton key={`${target.baseUrl} ${model}`} model={model} />}
        </div>
      </Card>
      <div className={classes['programs']}>
        {target.caFile !== null && <TrustCard caFile={target.isCaHere ? target.caFile : null} />}
        {PROGRAMS.map((program) => (
          <ProgramCard key={program} program={program} example={examples[program]} isLoopback={isLoopback} />
        ))}
      </div>
      <OtherTasksCard target={target} />
    </>
  );
}

interface ProgramCardProps {
  readonly program: Program;
  readonly example: string;
  /** The pool is reached from this computer alone. */
  readonly isLoopback: boolean;
}

function ProgramCard({ program, example, isLoopback }: ProgramCardProps) {
  const { t } = useLabels();
  const name = PROGRAM_NAMES[program];
  return (
    <Card title={`${name}${t('punctuation.in_brackets', { text: t(`connect.program_kind.${program}`) })}`}>
      <div className={classes['program']}>
        {/* A scrolling block must be reachable by keyboard. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above */}
        <pre tabIndex={0} aria-label={name}>
          {example}
        </pre>
        <div className={classes['foot']}>
          <Dim>
            {t(`connect.program_note.${program}`)}
            {program === 'open_webui' && isLoopback && ` ${t('connect.loopback_docker')}`}
          </Dim>
          <CopyButton value={example} timeout={2000}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy} aria-label={`${t('action.copy')}${t('punctuation.colon')}${name}`}>
                {t(copied ? 'action.copied' : 'action.copy')}
              </Button>
            )}
          </CopyButton>
        </div>
      </div>
    </Card>
  );
}

/** `caFile`: on this computer. Null: on another one. */
function TrustCard({ caFile }: { readonly caFile: string | null }) {
  const { t } = useLabels();
  return (
    <Card title={t('connect.trust')}>
      <div className={classes['needs']}>
        <p>{t('connect.trust_text')}</p>
        {caFile === null ? <Dim as="p">{t('connect.trust_where')}</Dim> : <CopyField label={t('connect.trust_file')} value={caFile} />}
        <Dim as="p">{t('connect.trust_replaces')}</Dim>
      </div>
    </Card>
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

/** The models that chat, in memory on most nodes first. */
function useChatModels(): readonly string[] {
  const { value } = useReadyModels(true);
  return (value?.models ?? [])
    .filter(({ kind, tasks }) => (tasks === null ? kind === 'llm' || kind === 'other' : takes(tasks, '/v1/chat/completions')))
    .toSorted((one, other) => (other.nodes_loaded ?? 0) - (one.nodes_loaded ?? 0) || one.model_id.localeCompare(other.model_id))
    .map(({ model_id: id }) => id);
}
