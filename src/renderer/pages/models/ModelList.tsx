// The list of models: search, filter, groups, and the drawer of a model.
import { useMemo } from 'react';
import { Card } from '../../components/Card';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { NoneFound } from '../../components/DataTable/NoneFound';
import { DataTable } from '../../components/DataTable/DataTable';
import type { Grouping } from '../../components/DataTable/entries';
import { createSearch } from '../../components/DataTable/search-rows';
import { TableSearch } from '../../components/DataTable/TableSearch';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { useIsPhone } from '../../components/use-is-phone';
import { type Labels, useLabels } from '../../i18n/use-labels';
import type { UsageRow } from '../../../shared/api/usage';
import type { ModelActs } from '../../queries/own-models';
import { useRoutePart } from '../../store/use-route';
import { modelColumns } from './model-columns';
import { modelText } from './model-text';
import { poolColumns } from './pool-columns';
import { CATEGORIES, categoryOf, groupInPool, isFitting, type ModelRow } from './model-rows';
import type { RowActs } from './ModelActions';
import { ModelDrawer } from './ModelDrawer';
import { PoolModelDrawer } from './PoolModelDrawer';
import classes from './ModelList.module.css';

export interface ModelListProps {
  readonly rows: readonly ModelRow[];
  /** Null: this program runs no node. */
  readonly acts: ModelActs | null;
  readonly onRemove: (modelId: string) => void;
  readonly canDownload: boolean;
  readonly hasPool: boolean;
  readonly isPoolFirst: boolean;
  /** In the pool, by model. Null: not known, or not shown. */
  readonly use: ReadonlyMap<string, UsageRow> | null;
}

const keyOf = ({ modelId }: ModelRow): string => modelId;
const FILTER = 'show';
const FITS = 'fits';

export function ModelList({ rows, acts, onRemove, canDownload, hasPool, isPoolFirst, use }: ModelListProps) {
  const labels = useLabels();
  const { t } = labels;
  const { search, sort, filters, setSearch, setSort, setFilters } = useTableRoute('models');
  const isPhone = useIsPhone();
  const openId = useRoutePart((route) => route.id);
  const rowActs = useMemo((): RowActs | null => (acts === null ? null : { ...acts, remove: onRemove }), [acts, onRemove]);
  const hasFit = rows.some(({ fit }) => fit.kind !== 'unknown');
  const columns = useMemo(
    () =>
      isPoolFirst && hasPool
        ? poolColumns(labels, { acts: rowActs, canDownload, use })
        : modelColumns(labels, { acts: rowActs, canDownload, hasPool, hasFit }),
    [labels, rowActs, canDownload, hasPool, hasFit, isPoolFirst, use],
  );
  const searchRows = useMemo(() => createSearch<ModelRow>((row) => modelText(row, labels)), [labels]);
  const grouping = useMemo(() => groupingOf(labels, isPoolFirst), [labels, isPoolFirst]);
  const choices = choicesOf(rows, labels, acts !== null);
  const chosen = choices.find(({ value }) => filters.some((filter) => filter.key === FILTER && filter.value === value))?.value ?? null;
  const filtered = chosen === null ? rows : rows.filter((row) => (chosen === FITS ? isFitting(row) : choiceOf(row) === chosen));
  const found = searchRows(filtered, search);
  const open = rows.find(({ modelId }) => modelId === openId);
  return (
    <Card>
      <div className={classes['tools']}>
        <TableSearch label={t('table.search_models')} search={search} found={found.length} total={filtered.length} onSearch={setSearch} />
        {choices.length > 1 && (
          <ChoiceFilter
            label={t('own_models.filter')}
            total={rows.length}
            choices={choices}
            chosen={chosen}
            onChange={(value) => setFilters(value === null ? [] : [{ key: FILTER, value }])}
          />
        )}
      </div>
      <DataTable
        label={t('models.title')}
        columns={columns}
        // On a phone a row is a block, which has space for all.
        hidesColumns={!isPhone}
        rows={found}
        keyOf={keyOf}
        sort={sort}
        onSort={setSort}
        openKey={open?.modelId ?? null}
        none={<NoneFound page="models" />}
        {...(hasPool ? { grouping } : {})}
      />
      {open?.own != null && rowActs !== null && <ModelDrawer row={{ ...open, own: open.own }} acts={rowActs} />}
      {open?.own === null && <PoolModelDrawer row={open} acts={rowActs} canDownload={canDownload} />}
    </Card>
  );
}

function groupingOf({ t }: Labels, isPoolFirst: boolean): Grouping<ModelRow> {
  const missing = ['missing', t('own_models.group.missing')] as const;
  return isPoolFirst
    ? { titles: new Map([['pool', t('own_models.in_pool')], ['here', t('own_models.only_here')], missing]), groupOf: groupInPool }
    : {
        titles: new Map([['here', t('own_models.group.here')], ['pool', t('own_models.group.pool')], missing]),
        groupOf: ({ group }) => group,
      };
}

const TYPES = [...CATEGORIES, 'unknown'] as const;
const choiceOf = (row: ModelRow): (typeof TYPES)[number] => categoryOf(row) ?? 'unknown';

/** A type that no model has is left out. An unknown type may be any of them, so it has a choice of its own. */
function choicesOf(rows: readonly ModelRow[], { t }: Labels, hasNode: boolean) {
  const fitting = rows.filter(isFitting).length;
  return [
    ...(hasNode && fitting > 0 ? [{ value: FITS, label: t('own_models.fits_filter'), count: fitting }] : []),
    ...TYPES.map((type) => ({
      value: type,
      label: t(`own_models.category_filter.${type}`),
      count: rows.filter((row) => choiceOf(row) === type).length,
    })).filter(({ count }) => count > 0),
  ];
}
