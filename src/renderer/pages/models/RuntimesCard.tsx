// The model servers of this computer: those that answer, with their address, and the addresses where none does.
import { useMemo } from 'react';
import type { RuntimeFlavour, RuntimeView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Code } from '../../components/Code';
import type { Column } from '../../components/DataTable/column';
import { DataTable } from '../../components/DataTable/DataTable';
import { Dim } from '../../components/Dim';
import type { Shape } from '../../components/StatusShape';
import { StatusWord } from '../../components/StatusWord';
import { useWords, type Words } from '../../i18n/use-words';
import { httpStatusOf } from '../../words/link-words';
import classes from './RuntimesCard.module.css';

const SHAPES: Readonly<Record<RuntimeView['state'], Shape>> = {
  running: 'ready',
  starting: 'registering',
  unauthorized: 'degraded',
  not_running: 'offline',
  wrong_service: 'offline',
};

/** Their own names, in every language; null: no name. */
const NAMES: Readonly<Record<RuntimeFlavour, string | null>> = {
  folders: null,
  ollama: 'Ollama',
  'llama.cpp': 'llama.cpp',
  vllm: 'vLLM',
  'lm-studio': 'LM Studio',
  localai: 'LocalAI',
  'whisper.cpp': 'whisper.cpp',
  'openai-compatible': null,
};

export interface RuntimesCardProps {
  readonly runtimes: readonly RuntimeView[];
  /** Ids of the runtimes that models belong to. */
  readonly modelsOf: ReadonlySet<string>;
}

/** Runtimes that answer, or did: one that stopped keeps its version or its models. Of the others only the addresses. */
export function RuntimesCard({ runtimes, modelsOf }: RuntimesCardProps) {
  const words = useWords();
  const { t } = words;
  const columns = useMemo(() => runtimeColumns(words), [words]);
  const found = runtimes.filter(({ url }) => url !== null);
  const known = found.filter(
    ({ id, state, version }) => (state !== 'not_running' && state !== 'wrong_service') || version !== null || modelsOf.has(id),
  );
  const silent = found.filter((runtime) => !known.includes(runtime));
  if (found.length === 0) return null;
  return (
    <Card title={t('runtimes.title')}>
      {known.length > 0 && <DataTable label={t('runtimes.program')} columns={columns} rows={known} keyOf={keyOf} />}
      {silent.length > 0 && (
        <Dim as="p">{t('runtimes.silent', { addresses: silent.map(({ url }) => url).join(t('punctuation.comma')) })}</Dim>
      )}
    </Card>
  );
}

const keyOf = ({ id }: RuntimeView): string => id;

function runtimeColumns(words: Words): readonly Column<RuntimeView>[] {
  const { t } = words;
  return [
    {
      key: 'program',
      title: t('runtimes.program'),
      className: classes['program'],
      cell: ({ flavour, url }) => (
        <>
          <div>{NAMES[flavour] ?? t('runtimes.other')}</div>
          <code className={classes['url']}>{url}</code>
        </>
      ),
    },
    {
      key: 'state',
      title: t('models.state'),
      cell: ({ state, reason_code }) => (
        <>
          <StatusWord shape={SHAPES[state]} word={t(`runtime_state.${state}`)} />
          <Dim>
            {reasonText(reason_code, words)} <Code>{reason_code}</Code>
          </Dim>
        </>
      ),
    },
    { key: 'version', title: t('models.version'), cell: ({ version }) => version ?? t('unknown.none') },
  ];
}

function reasonText(code: string, words: Words): string {
  const status = httpStatusOf(code);
  return status === null ? words.code('runtime_reason', code) : words.t('runtimes.http', { status });
}
