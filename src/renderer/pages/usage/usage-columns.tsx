// The columns of the table: one row for each key, model or node. The names lead to the page of each; a key has its limits beside it.
import type { KeyView } from '../../../shared/api/members';
import type { UsageRow } from '../../../shared/api/usage';
import type { Column } from '../../components/DataTable/column';
import { Dim } from '../../components/Dim';
import { KeyLimits } from '../../components/KeyLimits';
import type { Labels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { gpuText, nameOf } from './usage-labels';
import type { Subject } from './usage-view';
import classes from './UsagePage.module.css';

export interface UsageColumnsOptions {
  readonly subject: Subject;
  /** By id. Empty: not known. */
  readonly keys: ReadonlyMap<string, KeyView>;
  readonly hasRefused: boolean;
}

/** The tiles have the share of cached tokens, too. */
const CACHED_FROM_WIDTH_PX = 1000;

export function usageColumns(labels: Labels, { subject, keys, hasRefused }: UsageColumnsOptions): readonly Column<UsageRow>[] {
  const { t, format } = labels;
  const figure = (key: string, title: string, valueOf: (row: UsageRow) => number, text = format.number): Column<UsageRow> => ({
    key,
    title,
    width: '10%',
    align: 'number',
    className: classes['figure'],
    sortBy: valueOf,
    isUnknown: (row) => row.rest && valueOf(row) === 0,
    cell: (row) => (row.rest && valueOf(row) === 0 ? <Dim as="span">{t('unknown.none')}</Dim> : text(valueOf(row))),
  });
  const limits: Column<UsageRow> = {
    key: 'limits',
    title: t('usage.column.limits'),
    width: '28%',
    isUnknown: (row) => holderOf(row, keys) === 'none',
    cell: (row) => <Limits row={row} keys={keys} labels={labels} />,
  };
  return [
    {
      key: 'name',
      title: t(`usage.column.${subject}`),
      width: '20%',
      className: classes['name'],
      // The rest is last in either direction.
      sortBy: (row) => (row.rest ? null : nameOf(labels, subject, row)),
      cell: (row) => <Name row={row} subject={subject} labels={labels} />,
    },
    ...(subject === 'key' && keys.size > 0 ? [limits] : []),
    figure('requests', t(subject === 'node' ? 'usage.attempts' : 'usage.requests'), ({ requests }) => requests),
    figure('failed', t('usage.column.failed'), ({ failed }) => failed),
    ...(subject === 'key' && hasRefused ? [figure('refused', t('usage.column.refused'), ({ refused }) => refused)] : []),
    figure('prompt', t('usage.column.prompt'), ({ prompt_tokens: tokens }) => tokens),
    { ...figure('cached', t('usage.column.cached'), ({ cached_tokens: tokens }) => tokens), fromWidthPx: CACHED_FROM_WIDTH_PX },
    figure('output', t('usage.column.output'), ({ output_tokens: tokens }) => tokens),
    figure(
      'gpu',
      t('usage.gpu'),
      ({ gpu_seconds: seconds }) => seconds,
      (seconds) => gpuText(labels, seconds),
    ),
  ];
}

interface NameProps {
  readonly row: UsageRow;
  readonly subject: Subject;
  readonly labels: Labels;
}

function Name({ row, subject, labels }: NameProps) {
  const name = nameOf(labels, subject, row);
  const href = hrefOfRow(row, subject);
  if (href === null) return <span title={row.id ?? undefined}>{name}</span>;
  const title = subject === 'key' ? labels.t('members.jobs_of', { name }) : undefined;
  return (
    <a href={href} title={title}>
      {name}
    </a>
  );
}

/** Null: without a key, the rest, or a node that is gone. */
function hrefOfRow({ id, name }: UsageRow, subject: Subject): string | null {
  if (id === null) return null;
  switch (subject) {
    case 'key':
      return hrefOf({ page: 'jobs', filters: [{ key: 'key', value: id }] });
    case 'model':
      return hrefOf({ page: 'models', id, search: id });
    case 'node':
      return name === null ? null : hrefOf({ page: 'nodes', id });
  }
}

const hasLimits = (limits: KeyView['limits']): boolean => Object.values(limits).some((limit) => limit != null && limit !== 'normal');

const OWNER_ID = 'owner';

type Holder = 'key' | 'revoked' | 'member' | 'none';

/** Who has sent the requests. Members and owner keys have no limits. A name that is no key is a member's. */
function holderOf({ id, name }: UsageRow, keys: UsageColumnsOptions['keys']): Holder {
  if (id === null || id === OWNER_ID) return 'none';
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
    return <Dim as="span">{holder === 'member' || holder === 'revoked' ? t(`usage.${holder}`) : t('unknown.none')}</Dim>;
  return (
    <span className={classes['ofKey']}>
      {hasLimits(view.limits) ? (
        <KeyLimits limits={view.limits} use={view.use ?? null} lines={2} />
      ) : (
        <Dim as="span">{t('key_limits.none')}</Dim>
      )}
      <a href={hrefOf({ page: 'members', id: view.id })} aria-label={t('key_limits.change_title', { name: view.name })}>
        {t('key_limits.change')}
      </a>
    </span>
  );
}
