// The model servers of this computer: those that answer, with their address, and the addresses where none does.
import { useMemo } from 'react';
import type { RuntimeView } from '../../../shared/api/agent-view';
import type { Column } from '../../components/DataTable/column';
import { DataTable } from '../../components/DataTable/DataTable';
import { Dim } from '../../components/Dim';
import type { Shape } from '../../labels/shape';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { httpStatusOf } from '../../labels/link-labels';
import { hrefOf } from '../../routes';
import { SERVER_NAMES } from '../../labels/server-names';
import { isKnownServer, serverStepOf } from './server-step';
import classes from './RuntimesTable.module.css';

const SHAPES: Readonly<Record<RuntimeView['state'], Shape>> = {
  running: 'ready',
  starting: 'registering',
  unauthorized: 'degraded',
  not_running: 'offline',
  wrong_service: 'offline',
};

export interface RuntimesTableProps {
  readonly runtimes: readonly RuntimeView[];
  /** Ids of the runtimes that models belong to. */
  readonly modelsOf: ReadonlySet<string>;
}

/** Rows for the known servers. The others are listed by address. */
export function RuntimesTable({ runtimes, modelsOf }: RuntimesTableProps) {
  const labels = useLabels();
  const { t } = labels;
  const columns = useMemo(() => runtimeColumns(labels), [labels]);
  const found = runtimes.filter(({ url }) => url !== null);
  const known = found.filter((runtime) => isKnownServer(runtime, modelsOf));
  const silent = found.filter((runtime) => !known.includes(runtime));
  return (
    <div>
      {known.length > 0 && <DataTable label={t('runtimes.program')} columns={columns} rows={known} keyOf={keyOf} />}
      {silent.length > 0 && (
        <Dim as="p">{t('runtimes.silent', { addresses: silent.map(({ url }) => url).join(t('punctuation.list')) })}</Dim>
      )}
    </div>
  );
}

const keyOf = ({ id }: RuntimeView): string => id;

function runtimeColumns(labels: Labels): readonly Column<RuntimeView>[] {
  const { t } = labels;
  return [
    {
      key: 'program',
      title: t('runtimes.program'),
      className: classes['program'],
      cell: ({ type, url }) => (
        <>
          <div>{SERVER_NAMES[type] ?? t('runtimes.other')}</div>
          <code className={classes['url']}>{url}</code>
        </>
      ),
    },
    {
      key: 'state',
      title: t('models.state'),
      cell: (runtime) => <StateCell runtime={runtime} />,
    },
    { key: 'version', title: t('models.version'), cell: ({ version }) => version ?? t('unknown.none') },
  ];
}

function StateCell({ runtime }: { readonly runtime: RuntimeView }) {
  const labels = useLabels();
  const { t } = labels;
  const { state, reason_code: reason } = runtime;
  const step = serverStepOf(runtime);
  return (
    <>
      <StatusLabel shape={SHAPES[state]} label={t(`runtime_state.${state}`)} />
      <Dim>{reasonText(reason, labels)}</Dim>
      {step !== null && <div>{t(`own_models.server_step.${step}`)}</div>}
      {(state === 'unauthorized' || step === 'address') && (
        <div>
          <a href={hrefOf({ page: 'settings', id: 'models' })}>{t('own_models.to_settings')}</a>
        </div>
      )}
    </>
  );
}

function reasonText(code: string, labels: Labels): string {
  const status = httpStatusOf(code);
  return status === null ? labels.code('runtime_reason', code) : labels.t('runtimes.http', { status });
}
