// The chosen program or kind of task: what to copy, beside it the API, the certificate and a test.
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import { CertificateFile } from '../../components/connect/CertificateFile';
import { API_NAMES, PROGRAMS } from '../../components/connect/programs/table';
import { KEY_PLACEHOLDER, shell } from '../../components/connect/programs/program';
import type { TaskTarget } from '../../components/connect/tasks/calls';
import { TASKS } from '../../components/connect/tasks/table';
import type { PoolTarget } from '../../components/connect/use-connect-target';
import { Dim } from '../../components/Dim';
import { type Fact, Facts } from '../../components/Facts';
import { useLabels } from '../../i18n/use-labels';
import { isOnThisComputer } from '../../../shared/api/own-host';
import { type Entry, taskOfEntry } from './entries';
import { ModelFacts } from './ModelFacts';
import { SnippetList } from './SnippetList';
import { Step } from './Step';
import { type TestAccess, TestButton } from './TestButton';
import classes from './ConnectPage.module.css';

export interface EntryPartProps {
  readonly entry: Entry;
  readonly target: PoolTarget;
  /** With key and model. */
  readonly filled: TaskTarget;
  /** Null: the examples show the key, or have none. */
  readonly maskedKey: string | null;
  /** Null: no ready model serves the entry. */
  readonly model: string | null;
  /** Of that name. Null: there is none, or an alias or a rule decides for each request. */
  readonly known: ReadyPoolModel | null;
  /** The examples are complete: to copy one is what the user does next. */
  readonly canCopy: boolean;
}

export function EntryPart({ entry, target, filled, maskedKey, model, known, canCopy }: EntryPartProps) {
  const { t } = useLabels();
  const shown = { filled, maskedKey, canCopy };
  const isChat = taskOfEntry(entry) === '/v1/chat/completions';
  return (
    <div className={classes['entry']}>
      <Head entry={entry} isComplete={canCopy} />
      {/* Before the examples: the certificate is needed before a program runs. A wide window shows it beside them. */}
      <EntrySide entry={entry} target={target} known={known} />
      <div className={classes['main']} data-incomplete={canCopy ? undefined : ''}>
        {entry.kind === 'program' ? <Program entry={entry} {...shown} /> : <Task entry={entry} {...shown} />}
        {!canCopy && <p>{t('connect.needs_key', { placeholder: KEY_PLACEHOLDER })}</p>}
        {isChat && model !== null && (
          <TestButton key={[target.baseUrl, model, filled.key].join(' ')} model={model} access={accessOf(target, filled.key)} />
        )}
      </div>
    </div>
  );
}

function accessOf({ needsKey, mayCreateKey }: PoolTarget, key: string | null): TestAccess {
  if (!needsKey || key === null) return { kind: 'not_needed' };
  if (key !== KEY_PLACEHOLDER) return { kind: 'key', key };
  return { kind: mayCreateKey ? 'missing' : 'own' };
}

interface PartProps<Kind extends Entry['kind']> extends Pick<EntryPartProps, 'filled' | 'maskedKey' | 'canCopy'> {
  readonly entry: Extract<Entry, { kind: Kind }>;
}

function Program({ entry: { id }, filled, maskedKey, canCopy }: PartProps<'program'>) {
  const { t } = useLabels();
  const { name, isContainer, install, snippets } = PROGRAMS[id];
  return (
    <>
      <p>{t(`program.note.${id}`)}</p>
      {isContainer && isOnThisComputer(filled.baseUrl) && <p>{t('program.container')}</p>}
      {install !== undefined && <SnippetList name={t('program.install')} snippets={[shell(install, t('program.install'))]} />}
      <SnippetList name={name} snippets={snippets(filled)} maskedKey={maskedKey} isPrimary={canCopy} />
    </>
  );
}

function Task({ entry: { id }, filled, maskedKey, canCopy }: PartProps<'task'>) {
  const { t } = useLabels();
  const { snippets } = TASKS[id];
  const name = t(`pool_task.name.${id}`);
  return (
    <>
      <p>{t(`pool_task.note.${id}`)}</p>
      <SnippetList name={name} snippets={snippets(filled)} maskedKey={maskedKey} isPrimary={canCopy} />
    </>
  );
}

function Head({ entry, isComplete }: { readonly entry: Entry; readonly isComplete: boolean }) {
  const { t } = useLabels();
  const isProgram = entry.kind === 'program';
  return (
    <div className={classes['head']} data-incomplete={isComplete ? undefined : ''}>
      <h2>
        <Step number={2}>{isProgram ? PROGRAMS[entry.id].name : t(`pool_task.name.${entry.id}`)}</Step>
      </h2>
      <span>{isProgram ? t(`program.kind.${entry.id}`) : TASKS[entry.id].call}</span>
    </div>
  );
}

/** The API, the model and the certificate. */
function EntrySide({ entry, target, known }: Pick<EntryPartProps, 'entry' | 'target' | 'known'>) {
  const { t } = useLabels();
  const program = entry.kind === 'program' ? PROGRAMS[entry.id] : null;
  const trust =
    entry.kind === 'task' && TASKS[entry.id].hasSubmit ? t('pool_task.trust') : t(`program.trust.${program?.trust ?? 'example'}`);
  const facts: Fact[] = [
    ...(program === null ? [] : [[t('program.api'), program.apis.map((api) => API_NAMES[api]).join(t('punctuation.list'))] as const]),
    ...(known === null
      ? []
      : [
          [t('connect.model'), <ModelFacts key="model" model={known} agent={program?.group === 'agents' ? program.name : null} />] as const,
        ]),
  ];
  return (
    <div className={classes['side']}>
      <Facts facts={facts} />
      {target.caFile !== null && (
        <div className={classes['fact']}>
          <div className={classes['label']}>{t('program.certificate')}</div>
          <p>{trust}</p>
          <CertificateFile target={target} hideLabel />
        </div>
      )}
      {program === null && <Dim as="p">{t('connect.appears')}</Dim>}
    </div>
  );
}
