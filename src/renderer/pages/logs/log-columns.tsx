// The columns of the log. Each row is one line of text; the drawer shows all fields of a line.
import type { LogLine } from '../../../shared/api/logs';
import type { Column } from '../../components/DataTable/column';
import { Dim } from '../../components/Dim';
import { ExactTime } from '../../components/Time';
import type { Labels } from '../../i18n/use-labels';
import { hrefOf, type Route } from '../../routes';
import { LogLevel } from './LogLevel';
import { sentenceOf } from './log-text';
import classes from './LogsPage.module.css';

export interface LogColumnsOptions {
  readonly labels: Labels;
  readonly nameOf: (nodeId: string) => string | null;
  readonly modelOf: (jobId: string) => string | null;
  readonly hasSources: boolean;
  /** Beside an open line, the level is its shape alone. */
  readonly isBesideLine: boolean;
  /** Some lines are of another day. */
  readonly hasDates: boolean;
  /** A phone shows time, level and source in one line, and the message below. */
  readonly isPhone: boolean;
  readonly route: Pick<Route, 'search' | 'filters'>;
}

export function logColumns({
  labels,
  nameOf,
  modelOf,
  hasSources,
  isBesideLine,
  hasDates,
  isPhone,
  route,
}: LogColumnsOptions): readonly Column<LogLine>[] {
  const { t } = labels;
  const source: Column<LogLine> = {
    key: 'source',
    title: t('logs.source'),
    width: '148px',
    fromWidthPx: 640,
    className: classes['cut'],
    cell: (line) => t(`log_source.${line.source}`),
  };
  return [
    {
      key: 'time',
      title: t('logs.time'),
      // A line of another day has its date.
      width: isBesideLine && !hasDates ? '104px' : '152px',
      className: classes['time'],
      cell: ({ id, at }) => (
        <a className="link-target" href={hrefOf({ page: 'logs', ...route, id })}>
          <ExactTime wallMs={at} />
        </a>
      ),
    },
    {
      key: 'level',
      title: t('logs.level_name'),
      width: isBesideLine ? '44px' : '96px',
      cell: ({ level, source: from }) => (
        <>
          <LogLevel level={level} isShort={isBesideLine} />
          {hasSources && isPhone && <Dim as="span"> · {t(`log_source.${from}`)}</Dim>}
        </>
      ),
    },
    {
      key: 'message',
      title: t('logs.message'),
      className: classes['cut'],
      cell: (line) => <span data-level={line.level}>{sentenceOf(line, labels, nameOf, modelOf)}</span>,
    },
    ...(hasSources && !isPhone ? [source] : []),
  ];
}
