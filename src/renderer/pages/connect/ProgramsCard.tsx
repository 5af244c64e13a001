// One program at a time: a list of all, and the snippets of the chosen one, which the URL names. A narrow window has a field for the list.
import { Button, CopyButton, NativeSelect } from '@mantine/core';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { Card } from '../../components/Card';
import type { ConnectTarget, FormSnippet, Snippet } from '../../components/connect/programs/program';
import { API_NAMES, PROGRAM_GROUPS, PROGRAM_IDS, type ProgramId, PROGRAMS, programsIn } from '../../components/connect/programs/table';
import { CopyField } from '../../components/CopyField';
import { Facts } from '../../components/Facts';
import { fieldGroups, GroupNav } from '../../components/GroupNav';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { goTo, useRoutePart } from '../../store/use-route';
import classes from './ProgramsCard.module.css';

const DEFAULT: ProgramId = 'curl';

export function ProgramsCard({ target }: { readonly target: ConnectTarget }) {
  const { t } = useLabels();
  const id = useRoutePart((route) => route.id);
  const chosen = PROGRAM_IDS.find((known) => known === id) ?? DEFAULT;
  return (
    <Card label={t('program.title')} className={classes['card']}>
      <ProgramNav chosen={chosen} />
      <ProgramPart id={chosen} target={target} />
    </Card>
  );
}

function ProgramNav({ chosen }: { readonly chosen: ProgramId }) {
  const { t } = useLabels();
  const groups = PROGRAM_GROUPS.map((group) => ({
    id: group,
    title: t(`program.group.${group}`),
    links: programsIn(group).map((id) => ({ id, name: PROGRAMS[id].name, href: hrefOf({ page: 'connect', id }) })),
  }));
  return (
    <>
      <GroupNav className={classes['nav']} label={t('program.title')} groups={groups} chosen={chosen} />
      <NativeSelect
        className={classes['select'] ?? ''}
        label={t('program.choose')}
        value={chosen}
        onChange={(event) => goTo({ page: 'connect', id: event.currentTarget.value })}
        data={fieldGroups(groups)}
      />
    </>
  );
}

function ProgramPart({ id, target }: { readonly id: ProgramId; readonly target: ConnectTarget }) {
  const { t } = useLabels();
  const { name, apis, trust, isContainer, snippets } = PROGRAMS[id];
  const shown = snippets(target);
  const isLoopback = isLoopbackUrlHost(new URL(target.baseUrl).hostname);
  return (
    <div className={classes['part']}>
      <div className={classes['head']}>
        <h2>{name}</h2>
        <span>{t(`program.kind.${id}`)}</span>
      </div>
      <p>{t(`program.note.${id}`)}</p>
      {isContainer && isLoopback && <p>{t('program.container')}</p>}
      {shown.map((snippet) => (
        <SnippetPart key={placeOf(snippet)} name={name} snippet={snippet} isOnly={shown.length === 1} />
      ))}
      <Facts
        facts={[
          [t('program.api'), apis.map((api) => API_NAMES[api]).join(t('punctuation.list'))],
          ...(target.caFile === null ? [] : [[t('program.certificate'), t(`program.trust.${trust}`)] as const]),
        ]}
      />
    </div>
  );
}

/** Another key or model keeps the buttons, so that a click and the focus are not lost. */
const placeOf = (snippet: Snippet): string => (snippet.kind === 'form' ? snippet.place : (snippet.file ?? snippet.language));

interface SnippetPartProps {
  /** Of the program. */
  readonly name: string;
  readonly snippet: Snippet;
  readonly isOnly: boolean;
}

function SnippetPart({ name, snippet, isOnly }: SnippetPartProps) {
  const { t } = useLabels();
  if (snippet.kind === 'form') return <FormPart snippet={snippet} />;
  const { file, language, text } = snippet;
  const title = file ?? (language === 'sh' ? t('program.terminal') : name);
  const label = isOnly ? name : title;
  return (
    <div className={classes['snippet']}>
      <div className={classes['foot']}>
        <span>{title}</span>
        <CopyButton value={text} timeout={2000}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy} aria-label={`${t('action.copy')}${t('punctuation.colon')}${label}`}>
              {t(copied ? 'action.copied' : 'action.copy')}
            </Button>
          )}
        </CopyButton>
      </div>
      {/* A scrolling block must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above */}
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}

function FormPart({ snippet: { place, fields } }: { readonly snippet: FormSnippet }) {
  return (
    <div className={classes['snippet']}>
      <div className={classes['foot']}>{place}</div>
      <div className={classes['fields']}>
        {fields.map(({ label, value }) => (
          <CopyField key={label} label={label} value={value} />
        ))}
      </div>
    </div>
  );
}
