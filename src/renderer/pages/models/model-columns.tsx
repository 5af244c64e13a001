// The columns of the model table, and the text that a search looks through.
import type { ModelView } from '../../../shared/api/agent-view';
import { Ago } from '../../components/Time';
import type { Column } from '../../components/DataTable/column';
import { Dim } from '../../components/Dim';
import { Path } from '../../components/Path';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { languagesOf, modelReason, modelStateLabel, modelTasks, locationOf } from './model-labels';
import { ModelSpeed } from './ModelSpeed';
import classes from './model-columns.module.css';

export function modelColumns(labels: Labels, onMeasure: (modelId: string) => void): readonly Column<ModelView>[] {
  const { t, format } = labels;
  const nowrap = classes['nowrap'];
  return [
    {
      key: 'id',
      title: t('models.id'),
      width: '20%',
      className: classes['id'],
      sortBy: ({ model_id }) => model_id,
      cell: (model) => <IdCell model={model} />,
    },
    {
      key: 'state',
      title: t('models.state'),
      width: '24%',
      className: classes['state'],
      sortBy: (model) => modelStateLabel(model, labels).label,
      cell: (model) => <StateCell model={model} />,
    },
    {
      key: 'speed',
      title: t('measurement.speed'),
      width: '16%',
      className: classes['speed'],
      sortBy: ({ measurement }) => (measurement?.state === 'answered' ? measurement.tokens_per_second : null),
      cell: (model) => <ModelSpeed model={model} onMeasure={() => onMeasure(model.model_id)} />,
    },
    {
      key: 'kind',
      title: t('models.kind'),
      width: '12%',
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
      key: 'version',
      title: t('models.version'),
      width: '10%',
      sortBy: ({ version }) => (version === 'unknown' ? null : version),
      cell: ({ version }) => (version === 'unknown' ? t('unknown.none') : version),
    },
    {
      key: 'size',
      title: t('models.size'),
      width: '8%',
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

interface CellProps {
  readonly model: ModelView;
}

const IdCell = ({ model }: CellProps) => (
  <>
    <div>{model.model_id}</div>
    <Path className={classes['location']} path={locationOf(model)} />
  </>
);

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
  const { model_id, kind, version, reason_code } = model;
  return [
    model_id,
    locationOf(model),
    modelStateLabel(model, labels).label,
    reason_code,
    modelReason(model, labels),
    labels.code('model_kind', kind),
    languagesOf(model) ?? '',
    modelTasks(model, labels) ?? '',
    version,
  ].join(' ');
}
