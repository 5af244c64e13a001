// The columns of the model table, and the text that a search looks through.
import type { ModelView } from '../../../shared/api/agent-view';
import { Ago } from '../../components/Time';
import type { Column } from '../../components/DataTable/column';
import { Dim } from '../../components/Dim';
import { Path } from '../../components/Path';
import { StatusLabel } from '../../components/StatusLabel';
import { ModelMemory, type ModelControl } from '../../components/ModelMemory';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { languagesOf, modelReason, modelStateLabel, modelTasks, locationOf } from './model-labels';
import { ModelSpeed } from './ModelSpeed';
import classes from './model-columns.module.css';

export interface ModelColumnsOptions {
  readonly onMeasure: (modelId: string) => void;
  /** The name of this computer in the pool. */
  readonly nodeName: string;
  /** Null: this computer is in no pool, or its owner does not permit control. */
  readonly control: ModelControl | null;
}

export function modelColumns(labels: Labels, { onMeasure, nodeName, control }: ModelColumnsOptions): readonly Column<ModelView>[] {
  const { t, format } = labels;
  const nowrap = classes['nowrap'];
  return [
    {
      key: 'id',
      title: t('models.id'),
      width: '21%',
      className: classes['id'],
      sortBy: ({ model_id }) => model_id,
      cell: (model) => <IdCell model={model} />,
    },
    {
      key: 'state',
      title: t('models.state'),
      width: '22%',
      className: classes['state'],
      sortBy: (model) => modelStateLabel(model, labels).label,
      cell: (model) => <StateCell model={model} />,
    },
    memoryColumn(labels, nodeName, control),
    {
      key: 'speed',
      title: t('measurement.speed'),
      width: '13%',
      className: classes['speed'],
      sortBy: ({ measurement }) => (measurement?.state === 'answered' ? measurement.tokens_per_second : null),
      cell: (model) => <ModelSpeed model={model} onMeasure={() => onMeasure(model.model_id)} />,
    },
    {
      key: 'kind',
      title: t('models.kind'),
      width: '11%',
      className: classes['kind'],
      sortBy: ({ kind }) => labels.code('model_kind', kind),
      cell: (model) => (
        <>
          {labels.code('model_kind', model.kind)}
          <div className={classes['languages']}>{languagesOf(model)}</div>
        </>
      ),
    },
    {
      key: 'size',
      title: t('models.size'),
      width: '9%',
      className: nowrap,
      sortBy: ({ size_bytes }) => size_bytes,
      cell: ({ size_bytes }) => (size_bytes === null ? t('unknown.none') : format.bytes(size_bytes)),
    },
    {
      key: 'checked',
      title: t('models.checked'),
      width: '10%',
      className: nowrap,
      sortBy: ({ checked_at }) => checked_at,
      cell: ({ checked_at }) => (checked_at === null ? t('models.never') : <Ago wallMs={checked_at} />),
    },
  ];
}

const memoryColumn = (labels: Labels, nodeName: string, control: ModelControl | null): Column<ModelView> => ({
  key: 'memory',
  title: labels.t('models.memory'),
  width: '14%',
  sortBy: ({ residency }) => (residency === undefined ? null : labels.code('residency', residency)),
  cell: ({ model_id, residency, actions }) =>
    residency === undefined && actions === undefined ? (
      labels.t('unknown.none')
    ) : (
      <ModelMemory modelId={model_id} nodeName={nodeName} residency={residency} actions={actions ?? []} control={control} />
    ),
});

interface CellProps {
  readonly model: ModelView;
}

function IdCell({ model }: CellProps) {
  const { t } = useLabels();
  return (
    <>
      <div>{model.model_id}</div>
      {model.version !== 'unknown' && <Dim>{t('models.version_of', { version: model.version })}</Dim>}
      <Path className={classes['location']} path={locationOf(model)} />
    </>
  );
}

function StateCell({ model }: CellProps) {
  const labels = useLabels();
  return (
    <>
      <StatusLabel {...modelStateLabel(model, labels)} />
      <Dim>{modelReason(model, labels)}</Dim>
      <Dim>{modelTasks(model, labels)}</Dim>
    </>
  );
}

/** The text that a search looks through. */
export function modelText(model: ModelView, labels: Labels): string {
  const { model_id, kind, version, reason_code, residency } = model;
  return [
    model_id,
    locationOf(model),
    modelStateLabel(model, labels).label,
    reason_code,
    modelReason(model, labels),
    residency === undefined ? '' : labels.code('residency', residency),
    labels.code('model_kind', kind),
    languagesOf(model) ?? '',
    modelTasks(model, labels) ?? '',
    version,
  ].join(' ');
}
