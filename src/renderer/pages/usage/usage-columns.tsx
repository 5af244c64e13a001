// The columns of the table: one row for each key, model or node.
import type { UsageRow } from '../../../shared/api/usage';
import type { Column } from '../../components/DataTable/column';
import type { Labels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { gpuText, nameOf } from './usage-labels';
import type { Subject } from './usage-view';
import classes from './UsagePage.module.css';

export function usageColumns(labels: Labels, subject: Subject): readonly Column<UsageRow>[] {
  const { t, format } = labels;
  const figure = (key: string, title: string, valueOf: (row: UsageRow) => number, text = format.number): Column<UsageRow> => ({
    key,
    title,
    width: '11%',
    align: 'number',
    sortBy: valueOf,
    cell: (row) => text(valueOf(row)),
  });
  return [
    {
      key: 'name',
      title: t(`usage.column.${subject}`),
      width: '26%',
      className: classes['name'],
      // The rest is last in either direction.
      sortBy: (row) => (row.rest ? null : nameOf(labels, row)),
      cell: (row) => <Name row={row} subject={subject} labels={labels} />,
    },
    figure('requests', t(subject === 'node' ? 'usage.attempts' : 'usage.requests'), ({ requests }) => requests),
    figure('failed', t('usage.column.failed'), ({ failed }) => failed),
    figure('prompt', t('usage.column.prompt'), ({ prompt_tokens: tokens }) => tokens),
    figure('cached', t('usage.column.cached'), ({ cached_tokens: tokens }) => tokens),
    figure('output', t('usage.column.output'), ({ output_tokens: tokens }) => tokens),
    figure(
      'gpu',
      t('usage.gpu'),
      ({ gpu_seconds: seconds }) => seconds,
      (seconds) => gpuText(labels, seconds),
    ),
  ];
}

function Name({ row, subject, labels }: { readonly row: UsageRow; readonly subject: Subject; readonly labels: Labels }) {
  const name = nameOf(labels, row);
  if (subject !== 'node' || row.id === null || row.name === null) return <span title={row.id ?? undefined}>{name}</span>;
  return <a href={hrefOf({ page: 'nodes', id: row.id })}>{name}</a>;
}
