// The columns of the table: one row for each key, model or node. The names lead to the use of that part
// alone; a key has its limits beside it.
import type { ReactNode } from 'react';
import type { KeyView } from '../../../shared/api/members';
import type { UsageFigures, UsageRow } from '../../../shared/api/usage';
import { SeriesMark } from '../../components/charts/SeriesMark';
import type { Column } from '../../components/DataTable/column';
import { Dim } from '../../components/Dim';
import { KeyLimits } from '../../components/KeyLimits';
import type { Labels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { gpuText, nameOf } from './usage-labels';
import { filtersOf, type Subject, subjectsOf, type UsageView } from './usage-view';
import classes from './UsagePage.module.css';

export interface UsageColumnsOptions {
  readonly view: UsageView;
  /** By id. Empty: not known. */
  readonly keys: ReadonlyMap<string, KeyView>;
  readonly hasRefused: boolean;
  /** Whether one of the rows is a key, which has limits. */
  readonly hasLimits: boolean;
  readonly total: UsageFigures;
  /** Of the parts in the chart, by their key. */
  readonly colours: ReadonlyMap<string, string>;
  /** Whether the names lead to the use of that part; else to its page. */
  readonly drills: boolean;
}

/** The tiles have the share of cached tokens, too. */
const CACHED_FROM_WIDTH_PX = 1080;
/** The column of all tokens is the sum. Beside limits, both parts are left out. */
const PARTS_FROM_WIDTH_PX = 960;

export function usageColumns(labels: Labels, options: UsageColumnsOptions): readonly Column<UsageRow>[] {
  const { t, format } = labels;
  const { view, keys, hasRefused, hasLimits, total } = options;
  const { subject } = view;
  const figure = (
    key: string,
    title: string,
    valueOf: (row: UsageRow) => number,
    text: (value: number) => ReactNode = format.number,
  ): Column<UsageRow> => ({
    key,
    title,
    width: '10%',
    align: 'number',
    className: classes['figure'],
    sortBy: valueOf,
    isUnknown: (row) => row.rest && valueOf(row) === 0,
    cell: (row) => (row.rest && valueOf(row) === 0 ? <Dim as="span">{t('unknown.none')}</Dim> : text(valueOf(row))),
  });
  const compact = (value: number): ReactNode => <Compact value={value} labels={labels} />;
  const limits: Column<UsageRow> = {
    key: 'limits',
    title: t('usage.column.limits'),
    width: '28%',
    isUnknown: (row) => holderOf(row, keys) === 'none',
    cell: (row) => <Limits row={row} keys={keys} labels={labels} />,
  };
  const tokensOf = ({ prompt_tokens: prompt, output_tokens: output }: UsageFigures): number => prompt + output;
  const tokens: Column<UsageRow> = {
    ...figure('tokens', t('usage.column.tokens'), tokensOf),
    width: '14%',
    cell: (row) => {
      const value = tokensOf(row);
      if (value === 0) return row.rest ? <Dim as="span">{t('unknown.none')}</Dim> : format.number(0);
      return <TokensCell tokens={value} total={tokensOf(total)} labels={labels} />;
    },
  };
  return [
    {
      key: 'name',
      title: t(`usage.column.${subject}`),
      width: '20%',
      className: classes['name'],
      // The rest is last in either direction.
      sortBy: (row) => (row.rest ? null : nameOf(labels, subject, row)),
      cell: (row) => <Name row={row} options={options} labels={labels} />,
    },
    ...(hasLimits ? [limits] : []),
    figure('requests', t(subject === 'node' ? 'usage.attempts' : 'usage.requests'), ({ requests }) => requests),
    figure('failed', t('usage.column.failed'), ({ failed }) => failed),
    ...(subject === 'key' && hasRefused ? [figure('refused', t('usage.column.refused'), ({ refused }) => refused)] : []),
    tokens,
    { ...figure('prompt', t('usage.column.prompt'), ({ prompt_tokens: tokens }) => tokens, compact), fromWidthPx: PARTS_FROM_WIDTH_PX },
    { ...figure('cached', t('usage.column.cached'), ({ cached_tokens: tokens }) => tokens, compact), fromWidthPx: CACHED_FROM_WIDTH_PX },
    {
      ...figure('output', t('usage.column.output'), ({ output_tokens: tokens }) => tokens, compact),
      ...(hasLimits ? { fromWidthPx: PARTS_FROM_WIDTH_PX } : {}),
    },
    figure(
      'gpu',
      t('usage.gpu'),
      ({ gpu_seconds: seconds }) => seconds,
      (seconds) => gpuText(labels, seconds),
    ),
  ];
}

/** The sums below the table, as in the tiles. */
export function usageTotals(labels: Labels, total: UsageFigures): ReadonlyMap<string, ReactNode> {
  const { t, format } = labels;
  const { requests, failed, refused, prompt_tokens: prompt, cached_tokens: cached, output_tokens: output, gpu_seconds: seconds } = total;
  const counts = { requests, failed, refused };
  const sums = { prompt, cached, output };
  const all = prompt + output;
  return new Map<string, ReactNode>([
    ['name', t('usage.total')],
    ['tokens', <TokensCell key="tokens" tokens={all} total={all} labels={labels} />],
    ...Object.entries(counts).map(([key, count]) => [key, format.number(count)] as const),
    ...Object.entries(sums).map(([key, sum]) => [key, <Compact key={key} value={sum} labels={labels} />] as const),
    ['gpu', gpuText(labels, seconds)],
  ]);
}

/** What was used is never 0%. */
const shareText = ({ format }: Labels, share: number): string => (share < 0.005 ? `< ${format.percent(1)}` : format.percent(share * 100));

/** As in the tiles, with the exact number in the title: the export has it, too. */
const Compact = ({ value, labels: { format } }: { readonly value: number; readonly labels: Labels }) => (
  <span title={format.number(value)}>{format.compact(value)}</span>
);

interface TokensCellProps {
  readonly tokens: number;
  readonly total: number;
  readonly labels: Labels;
}

const TokensCell = ({ tokens, total, labels }: TokensCellProps) => (
  <>
    <Compact value={tokens} labels={labels} /> <span className={classes['share']}>{shareText(labels, tokens / Math.max(1, total))}</span>
  </>
);

interface NameProps {
  readonly row: UsageRow;
  readonly options: UsageColumnsOptions;
  readonly labels: Labels;
}

/** The colour of the part in the chart, and its name. */
function Name({ row, options, labels }: NameProps) {
  const { view, colours } = options;
  const name = nameOf(labels, view.subject, row);
  const href = hrefOfPart(row.id, options);
  const colour = colours.get(row.rest ? 'rest' : `id ${row.id ?? ''}`) ?? (colours.has('rest') ? 'rest' : null);
  return (
    <span className={classes['part']}>
      {colour !== null && <SeriesMark colour={colour} />}
      {href === null ? <span title={row.id ?? undefined}>{name}</span> : <a href={href}>{name}</a>}
    </span>
  );
}

/** The use of one part alone, or its page. Null: without a key, or the rest. */
export function hrefOfPart(id: string | null, { view, drills }: Pick<UsageColumnsOptions, 'view' | 'drills'>): string | null {
  if (id === null) return null;
  const { subject } = view;
  if (!drills) return pageOf(subject, id);
  const [by = subject] = subjectsOf({ subject, id }, true);
  return view.only === null
    ? hrefOf({ page: 'usage', filters: filtersOf({ ...view, subject: by, only: { subject, id } }) })
    : pageOf(subject, id);
}

/** The page of one part: the jobs of a key, the model, the node. */
export function pageOf(subject: Subject, id: string): string {
  switch (subject) {
    case 'key':
      return hrefOf({ page: 'jobs', filters: [{ key: 'key', value: id }] });
    case 'model':
      return hrefOf({ page: 'models', id, search: id });
    case 'node':
      return hrefOf({ page: 'nodes', id });
  }
}

const isLimited = (limits: KeyView['limits']): boolean => Object.values(limits).some((limit) => limit != null && limit !== 'normal');

const OWNER_ID = 'owner';

type Holder = 'key' | 'revoked' | 'member' | 'keyless' | 'none';

/** Whether one of the rows is a key: members and revoked keys have no limits. */
export const hasKey = (rows: readonly UsageRow[], keys: UsageColumnsOptions['keys']): boolean =>
  rows.some((row) => holderOf(row, keys) === 'key');

/** Who has sent the requests. Members and owner keys have no limits. A name that is no key is a member's. */
function holderOf({ id, name, rest }: UsageRow, keys: UsageColumnsOptions['keys']): Holder {
  if (id === null) return rest ? 'none' : 'keyless';
  if (id === OWNER_ID) return 'none';
  const view = keys.get(id);
  if (view === undefined) return name === null ? 'none' : 'member';
  if (view.revoked_at !== null) return 'revoked';
  return view.roles.includes('owner') ? 'none' : 'key';
}

interface LimitsProps {
  readonly row: UsageRow;
  readonly keys: UsageColumnsOptions['keys'];
  readonly labels: Labels;
}

/** The limits, and the dialog that changes them; else why there are none. */
function Limits({ row, keys, labels: { t } }: LimitsProps) {
  const holder = holderOf(row, keys);
  const view = keys.get(row.id ?? '');
  if (holder !== 'key' || view === undefined)
    return <Dim as="span">{holder === 'key' || holder === 'none' ? t('unknown.none') : t(`usage.${holder}`)}</Dim>;
  return (
    <span className={classes['ofKey']}>
      {isLimited(view.limits) ? (
        <KeyLimits limits={view.limits} use={view.use ?? null} lines={2} />
      ) : (
        <Dim as="span">{t(row.refused > 0 ? 'usage.no_limit_now' : 'key_limits.none')}</Dim>
      )}
      <a href={hrefOf({ page: 'members', id: view.id })} aria-label={t('key_limits.change_title', { name: view.name })}>
        {t('key_limits.change')}
      </a>
    </span>
  );
}
