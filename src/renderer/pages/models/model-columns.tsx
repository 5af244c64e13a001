// The columns of the list of models. A row has one line; the drawer has the rest.
import { takingNodes } from '../../../shared/api/pool-models';
import { isDamaged } from '../../../shared/api/own-damage';
import { UseBar } from '../../components/bars/UseBar';
import { Badge } from '../../components/Badge';
import type { Column } from '../../components/DataTable/column';
import { DetailsLink } from '../../components/DetailsLink';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { measurementLabel, speedText } from '../../labels/measurement-labels';
import {
  downloadFigures,
  isVerifying,
  readyText,
  locationOf,
  modelReason,
  namesText,
  noDownloadReason,
  ownStateLabel,
  reasonParts,
  sizeText,
} from './model-labels';
import { ModelAbilities } from './ModelAbilities';
import { ModelActions, type RowActs } from './ModelActions';
import { fileBytesOf } from './model-fit';
import type { ModelRow } from './model-rows';
import { OwnFailingReason, OwnModelState } from './OwnModelState';
import classes from './model-columns.module.css';

/** A narrower table, beside an open drawer, leaves them out one after another: the drawer has them. */
const POOL_FROM_WIDTH_PX = 800;
const SPEED_FROM_WIDTH_PX = 660;
const FIT_FROM_WIDTH_PX = 660;
const SPEED_BESIDE_FIT_FROM_WIDTH_PX = 960;
const SIZE_AND_ACTIONS_FROM_WIDTH_PX = 440;

export interface ModelColumnsOptions {
  /** Null: this program runs no node. */
  readonly acts: RowActs | null;
  readonly canDownload: boolean;
  readonly hasPool: boolean;
  /** False: no model has a figure, as on a computer without a usable GPU. */
  readonly hasFit: boolean;
}

export function modelColumns(labels: Labels, { acts, canDownload, hasPool, hasFit }: ModelColumnsOptions): readonly Column<ModelRow>[] {
  const { name, size, pool, speed } = baseColumns(labels);
  const actions = acts === null ? [] : [actionsColumn(acts, canDownload, SIZE_AND_ACTIONS_FROM_WIDTH_PX)];
  const middle = acts === null ? [size] : [stateColumn(labels, canDownload), size, ...(hasFit ? [fitColumn(labels)] : [])];
  // In narrow windows the first two columns have a line each.
  const last = acts === null ? speed : { ...speed, fromWidthPx: SPEED_BESIDE_FIT_FROM_WIDTH_PX };
  return [name, ...middle, ...(hasPool ? [pool] : []), last, ...actions];
}

export const actionsColumn = (acts: RowActs, canDownload: boolean, fromWidthPx: number): Column<ModelRow> => ({
  key: 'actions',
  title: '',
  className: [classes['cell'], classes['buttons']].join(' '),
  align: 'end',
  fromWidthPx,
  cell: (row) => <ModelActions row={row} acts={acts} canDownload={canDownload} isInRow />,
});

/** In both views. */
export function baseColumns(labels: Labels): Readonly<Record<'name' | 'size' | 'pool' | 'speed', Column<ModelRow>>> {
  const { t } = labels;
  const cell = classes['cell'];
  const name: Column<ModelRow> = {
    key: 'id',
    title: t('models.id'),
    className: [cell, classes['name']].join(' '),
    sortBy: ({ modelId }) => modelId,
    cell: (row) => <NameCell row={row} />,
  };
  const size: Column<ModelRow> = {
    key: 'size',
    title: t('models.size'),
    className: cell,
    fromWidthPx: SIZE_AND_ACTIONS_FROM_WIDTH_PX,
    align: 'number',
    sortBy: ({ own, neededGb }) => own?.size_bytes ?? (neededGb === null ? null : fileBytesOf(neededGb)),
    isUnknown: ({ own, neededGb }) => neededGb === null && !(own?.size_bytes != null && own.size_bytes > 0),
    cell: (row) => sizeText(row, labels),
  };
  const pool: Column<ModelRow> = {
    key: 'pool',
    title: t('own_models.pool'),
    className: cell,
    fromWidthPx: POOL_FROM_WIDTH_PX,
    sortBy: ({ pool: found }) => (found === null ? null : takingNodes(found)),
    isUnknown: ({ own, pool: found, missing }) => found === null && (own !== null || missing?.fits_nodes == null),
    cell: (row) => <PoolCell row={row} />,
  };
  const speed: Column<ModelRow> = {
    key: 'speed',
    title: t('measurement.speed'),
    className: cell,
    fromWidthPx: SPEED_FROM_WIDTH_PX,
    align: 'number',
    sortBy: speedOf,
    isUnknown: (row) => speedOf(row) === null && row.own?.measurement?.state !== 'running' && row.own?.measurement?.state !== 'answered',
    cell: (row) => <SpeedCell row={row} />,
  };
  return { name, size, pool, speed };
}

const stateColumn = (labels: Labels, canDownload: boolean): Column<ModelRow> => ({
  key: 'state',
  title: labels.t('own_models.here'),
  className: [classes['cell'], classes['state']].join(' '),
  sortBy: ({ own }) => (own === null ? null : ownStateLabel(own, labels).label),
  cell: (row) => <StateCell row={row} whyNot={noDownloadReason(row, canDownload, labels)} />,
});

const fitColumn = ({ t }: Labels): Column<ModelRow> => ({
  key: 'fit',
  title: t('own_models.needed_vram'),
  className: classes['cell'],
  fromWidthPx: FIT_FROM_WIDTH_PX,
  sortBy: ({ neededGb }) => neededGb,
  isUnknown: ({ fit }) => fit.kind === 'unknown',
  cell: (row) => <FitCell row={row} />,
});

interface CellProps {
  readonly row: ModelRow;
}

function NameCell({ row }: CellProps) {
  const labels = useLabels();
  const { t } = labels;
  const names = namesText(row, labels);
  return (
    <span className={classes['line']} title={row.own === null ? row.modelId : [row.modelId, locationOf(row.own)].join('\n')}>
      <DetailsLink page="models" id={row.modelId} label={row.modelId} className={classes['link']}>
        <b className={classes['id']}>{row.modelId}</b>
      </DetailsLink>
      <ModelAbilities row={row} />
      {row.own?.shared === false && <Badge>{t('own_models.not_shared')}</Badge>}
      {names !== null && (
        <span className={classes['names']} title={names}>
          {names}
        </span>
      )}
    </span>
  );
}

function FitCell({ row: { fit, own } }: CellProps) {
  const { t, format } = useLabels();
  if (fit.kind === 'unknown') return <span className={classes['dim']}>{t('unknown.none')}</span>;
  const isEstimate = own?.vram_gb === undefined;
  const needed = format.gb(fit.neededGb);
  const part = format.gbPart(fit.neededGb, fit.totalGb);
  const text = t(`own_models.fit.${fit.kind}`, {
    needed: isEstimate ? t('own_models.about', { size: part }) : part,
    total: format.gb(fit.totalGb),
  });
  const title = t(isEstimate ? 'own_models.fit_estimate' : 'own_models.fit_measured', { needed, total: format.gb(fit.totalGb) });
  return (
    <span className={classes['fit']} title={title}>
      <UseBar
        label={t('own_models.fit_bar')}
        use={fit.kind === 'too_large' ? { used: fit.totalGb } : { pool: fit.neededGb, owner: 0 }}
        total={fit.totalGb}
        text={title}
        figure={null}
      />
      <span className={classes[fit.kind === 'too_large' ? 'over' : 'dim']}>{text}</span>
    </span>
  );
}

interface StateCellProps extends CellProps {
  /** Why a model that is not here has no button. Null: it has one, or the state says it. */
  readonly whyNot: string | null;
}

function StateCell({ row, whyNot }: StateCellProps) {
  const labels = useLabels();
  const { own } = row;
  if (own === null)
    return (
      <span className={classes['line']}>
        <span className={classes['dim']}>{absentOrRequests(row, labels)}</span>
        {whyNot !== null && <span className={classes['reason']}>{whyNot}</span>}
      </span>
    );
  if (own.reason_code === 'pulling' && !isVerifying(own)) {
    const { label } = ownStateLabel(own, labels);
    const { percent, done, speed, left } = downloadFigures(own, labels);
    const figures = [
      { text: done, name: 'widest' },
      { text: speed, name: 'wide' },
      { text: left, name: '' },
    ].filter(({ text }) => text !== null);
    return (
      <span className={classes['download']} title={modelReason(own, labels)}>
        <span>{label}</span>
        <span className={classes['dim']}>
          {figures.map(({ text, name }, index) => (
            <span key={name} className={classes[name]}>
              {text}
              {index < figures.length - 1 && ' · '}
            </span>
          ))}
        </span>
        <span className={classes['track']}>
          <i style={{ width: `${String(percent)}%` }} />
        </span>
      </span>
    );
  }
  const { reason, detail } = reasonParts(own, labels);
  const isPlain = own.state === 'ready' || own.reason_code === 'pull_paused' || isVerifying(own);
  return (
    <span className={classes['line']} title={reason + detail}>
      <OwnModelState model={own} />
      <OwnFailingReason model={own} className={classes['reason']} />
      {!isPlain && (
        <span className={classes['reason']}>
          {reason}
          {!isDamaged(own) && <span className={classes['detail']}>{detail}</span>}
        </span>
      )}
    </span>
  );
}

/** Of a model that is not on this computer. */
export const absentText = ({ fit }: ModelRow, { t }: Labels): string =>
  t(fit.kind === 'too_large' ? 'own_models.too_large' : 'model_state.not_installed');

/** The requests for a model that the pool lacks, or what keeps it from this computer. */
function absentOrRequests(row: ModelRow, labels: Labels): string {
  const { missing, pool } = row;
  if (missing === null || pool !== null) return absentText(row, labels);
  return labels.t('own_models.requests', { count: missing.requests, formatted: labels.format.number(missing.requests) });
}

function PoolCell({ row: { pool, missing, own } }: CellProps) {
  const labels = useLabels();
  const { t, format } = labels;
  if (pool !== null)
    return (
      <span className={classes['pair']}>
        <span className={classes['count']}>{t('own_models.loaded', { count: format.number(pool.nodes_loaded ?? 0) })}</span>
        <span className={classes['between']}> · </span>
        <span>{readyText(pool, labels)}</span>
      </span>
    );
  if (own === null && missing?.fits_nodes != null)
    return (
      <span className={classes['dim']}>
        {t('own_models.fits_nodes', { count: missing.fits_nodes, formatted: format.number(missing.fits_nodes) })}
      </span>
    );
  return <span className={classes['dim']}>{t('unknown.none')}</span>;
}

/** Measured here, else the mean of the pool. */
const speedOf = ({ own, pool }: ModelRow): number | null => {
  const measured = own?.measurement?.state === 'answered' ? own.measurement.tokens_per_second : null;
  return measured ?? pool?.tokens_per_second ?? null;
};

function SpeedCell({ row }: CellProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const { own } = row;
  const measurement = own?.measurement;
  const isOwn = measurement?.state === 'answered' && measurement.tokens_per_second !== null;
  const speed = speedOf(row);
  const text = measurement === undefined ? undefined : measurementLabel(measurement, labels).text;
  if (measurement?.state === 'running') return <span className={classes['dim']}>{text}</span>;
  if (speed === null) {
    const shown =
      measurement?.state === 'answered' ? t('own_models.per_request', { took: format.took(measurement.took_ms) }) : t('unknown.none');
    return (
      <span className={classes['dim']} title={text}>
        {shown}
      </span>
    );
  }
  const figure = speedText(speed, labels);
  return isOwn ? (
    <span title={text}>{figure}</span>
  ) : (
    <span className={classes['pair']} title={t('own_models.pool_speed_title')}>
      <span>{figure}</span>
      <span className={classes['between']}> </span>
      <span>{t('own_models.pool_speed')}</span>
    </span>
  );
}
