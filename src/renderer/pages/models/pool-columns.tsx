// The columns of the view `Pool`: on how many nodes a model is, and how much it is used. The own computer has one column.
import type { UsageFigures, UsageRow } from '../../../shared/api/usage';
import type { Column } from '../../components/DataTable/column';
import type { Labels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { absentText, actionsColumn, baseColumns } from './model-columns';
import classes from './model-columns.module.css';
import { ownStateLabel } from './model-labels';
import { OwnModelState } from './OwnModelState';
import type { RowActs } from './ModelActions';
import type { ModelRow } from './model-rows';

export interface PoolColumnsOptions {
  /** Null: this program runs no node. */
  readonly acts: RowActs | null;
  readonly canDownload: boolean;
  /** By model. Null: not known, or the caller sees only its own use. */
  readonly use: ReadonlyMap<string, UsageRow> | null;
}

const USE_FROM_WIDTH_PX = 720;
const HERE_FROM_WIDTH_PX = 620;
const ACTIONS_FROM_WIDTH_PX = 960;

export function poolColumns(labels: Labels, { acts, canDownload, use }: PoolColumnsOptions): readonly Column<ModelRow>[] {
  const { t, format } = labels;
  const { name, size, pool, speed } = baseColumns(labels);
  const cell = classes['cell'];
  const none = t('unknown.none');
  /** `missing`: the text of a model that no node has, and that has no use. */
  const figureOf = (
    key: string,
    title: string,
    valueOf: (figures: UsageFigures) => number,
    text: (value: number) => string,
    missing: (row: ModelRow) => string,
  ): Column<ModelRow> => {
    const of = ({ modelId }: ModelRow): number | null => {
      const row = use?.get(modelId);
      return row === undefined ? null : valueOf(row);
    };
    return {
      key,
      title,
      className: cell,
      align: 'number',
      fromWidthPx: USE_FROM_WIDTH_PX,
      sortBy: of,
      isUnknown: (row) => of(row) === null,
      cell: (row) => {
        const value = of(row);
        if (value === null) return <span className={classes['dim']}>{row.group === 'missing' ? missing(row) : format.number(0)}</span>;
        const filters = [
          { key: 'by', value: 'key' },
          { key: 'model', value: row.modelId },
        ];
        return <a href={hrefOf({ page: 'usage', filters })}>{text(value)}</a>;
      },
    };
  };
  return [
    name,
    { ...pool, fromWidthPx: 0, title: t('own_models.nodes_ready') },
    ...(use === null
      ? []
      : [
          figureOf(
            'requests',
            t('own_models.use_week'),
            ({ requests }) => requests,
            format.number,
            ({ missing }) => (missing === null ? none : t('own_models.requests_day', { formatted: format.number(missing.requests) })),
          ),
          figureOf(
            'tokens',
            t('own_models.tokens_week'),
            ({ prompt_tokens: prompt, output_tokens: output }) => prompt + output,
            format.compact,
            () => none,
          ),
        ]),
    speed,
    size,
    ...(acts === null ? [] : [hereColumn(labels), actionsColumn(acts, canDownload, ACTIONS_FROM_WIDTH_PX)]),
  ];
}

/** What this computer has of the model. */
const hereColumn = (labels: Labels): Column<ModelRow> => ({
  key: 'here',
  title: labels.t('own_models.here'),
  className: classes['cell'],
  fromWidthPx: HERE_FROM_WIDTH_PX,
  sortBy: ({ own }) => (own === null ? null : ownStateLabel(own, labels).label),
  isUnknown: ({ own }) => own === null,
  cell: (row) => (
    <span className={classes['line']}>
      {row.own === null ? <span className={classes['dim']}>{absentText(row, labels)}</span> : <OwnModelState model={row.own} />}
    </span>
  ),
});
