// The columns of the Members page with the use of the last seven days, and the name of a row.
import type { ReactNode } from 'react';
import type { UsageFigures } from '../../../shared/api/usage';
import type { Column } from '../../components/DataTable/column';
import type { Labels } from '../../i18n/use-labels';
import type { UseById } from '../../queries/usage';
import { hrefOf } from '../../routes';
import type { MemberRow } from './member-rows';
import { jobsDone } from './nodes-without-key';
import classes from './member-columns.module.css';

/** A narrower table leaves them out. */
const JOBS_FROM_WIDTH_PX = 880;
const TOKENS_FROM_WIDTH_PX = 1040;

/** A node: the jobs that it has done. Others: the requests that they sent. */
function figuresOf({ id, nodeId, kind }: MemberRow, use: UseById | null): UsageFigures | null {
  if (use === null || kind === 'invitation') return null;
  return (nodeId === null ? use.keys.get(id) : use.nodes.get(nodeId)) ?? null;
}

/** The page with the jobs of a node, or those that a key or member sent. */
export const jobsOf = ({ id, nodeId }: MemberRow): string =>
  hrefOf({ page: 'jobs', filters: [nodeId === null ? { key: 'key', value: id } : { key: 'node', value: nodeId }] });
const usageOf = ({ id, nodeId }: MemberRow): string =>
  hrefOf({
    page: 'usage',
    filters:
      nodeId === null
        ? [
            { key: 'by', value: 'model' },
            { key: 'key', value: id },
          ]
        : [
            { key: 'by', value: 'model' },
            { key: 'node', value: nodeId },
          ],
  });

export function columnsOfUse(labels: Labels, use: UseById | null): readonly Column<MemberRow>[] {
  const { t, format } = labels;
  const column = (
    key: 'jobs' | 'tokens',
    width: string,
    valueOf: (figures: UsageFigures, row: MemberRow) => number,
    text: (value: number, row: MemberRow) => string,
  ) => {
    const value = (row: MemberRow): number | null => {
      const figures = figuresOf(row, use);
      return figures === null ? null : valueOf(figures, row);
    };
    const cell = (row: MemberRow): ReactNode => {
      const found = value(row);
      if (found === null) return t('unknown.none');
      const name = t(key === 'jobs' ? 'members.jobs_of' : 'members.usage_of', { name: nameOf(row, labels) });
      return (
        <a className={classes['figure']} href={key === 'jobs' ? jobsOf(row) : usageOf(row)} title={name}>
          {text(found, row)}
        </a>
      );
    };
    const isUnknown = (row: MemberRow): boolean => value(row) === null;
    const fromWidthPx = key === 'jobs' ? JOBS_FROM_WIDTH_PX : TOKENS_FROM_WIDTH_PX;
    const look = { width, align: 'number' as const, className: classes['nowrap'], fromWidthPx };
    return { key, title: t(`members.${key}`), ...look, sortBy: value, isUnknown, cell };
  };
  return [
    column(
      'jobs',
      '8%',
      (figures, { nodeId }) => (nodeId === null ? figures.requests : jobsDone(figures)),
      (jobs, { nodeId }) => t(nodeId === null ? 'members.jobs_sent' : 'members.jobs_done', { jobs: format.number(jobs) }),
    ),
    column('tokens', '7%', ({ prompt_tokens: prompt, output_tokens: output }) => prompt + output, format.compact),
  ];
}

export const nameOf = ({ kind, name }: Pick<MemberRow, 'kind' | 'name'>, { t }: Labels): string =>
  name ?? t(kind === 'owner' ? 'members.owner_key' : 'members.unnamed');
