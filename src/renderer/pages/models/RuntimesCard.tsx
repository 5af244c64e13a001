// The programs of this machine that serve models: what answers at which address, and where nothing does.
import type { RuntimeFlavour, RuntimeView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Code } from '../../components/Code';
import type { Shape } from '../../components/StatusShape';
import { StatusWord } from '../../components/StatusWord';
import { Table } from '../../components/Table';
import { useWords, type Words } from '../../i18n/use-words';
import { httpStatusOf } from '../../words/http-status';
import classes from './ModelsPage.module.css';

const SHAPES: Readonly<Record<RuntimeView['state'], Shape>> = {
  running: 'ready',
  starting: 'registering',
  unauthorized: 'degraded',
  not_running: 'offline',
  wrong_service: 'offline',
};

/** Their own names, in every language; null: it has none. */
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

/** Runtimes that answer, or did: one that went away keeps its version or its models. The rest is only named. */
export function RuntimesCard({
  runtimes,
  modelsOf,
}: {
  readonly runtimes: readonly RuntimeView[];
  readonly modelsOf: ReadonlySet<string>;
}) {
  const words = useWords();
  const { t } = words;
  const found = runtimes.filter(({ url }) => url !== null);
  const known = found.filter(
    ({ id, state, version }) => (state !== 'not_running' && state !== 'wrong_service') || version !== null || modelsOf.has(id),
  );
  const silent = found.filter((runtime) => !known.includes(runtime));
  if (found.length === 0) return null;
  return (
    <Card title={t('runtimes.title')}>
      {known.length > 0 && (
        <Table label={t('runtimes.program')} columns={[t('runtimes.program'), t('models.state'), t('models.version')]}>
          {known.map((runtime) => (
            <tr key={runtime.id}>
              <td className={classes['id']}>
                <div>{NAMES[runtime.flavour] ?? t('runtimes.other')}</div>
                <code className={classes['faint']}>{runtime.url}</code>
              </td>
              <td>
                <StatusWord shape={SHAPES[runtime.state]} word={t(`runtime_state.${runtime.state}`)} />
                <div className={classes['dim']}>
                  {reasonText(runtime.reason_code, words)} <Code>{runtime.reason_code}</Code>
                </div>
              </td>
              <td>{runtime.version ?? t('unknown.none')}</td>
            </tr>
          ))}
        </Table>
      )}
      {silent.length > 0 && (
        <p className={classes['dim']}>{t('runtimes.silent', { addresses: silent.map(({ url }) => url).join(t('punctuation.comma')) })}</p>
      )}
    </Card>
  );
}

function reasonText(code: string, words: Words): string {
  const status = httpStatusOf(code);
  return status === null ? words.code('runtime_reason', code) : words.t('runtimes.http', { status });
}
