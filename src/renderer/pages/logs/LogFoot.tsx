// Below the lines: how far the log was searched, and the way to older lines. In place of lines: why there are none.
import { Button } from '@mantine/core';
import { Dim } from '../../components/Dim';
import { ExactTime } from '../../components/Time';
import { Rich } from '../../components/Rich';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { MAX_KEPT_LINES } from '../../queries/log-feed';
import type { Logs } from '../../queries/logs';
import { hrefOf, type Route } from '../../routes';
import { goTo, useRoute } from '../../store/use-route';
import { logFiltersOf } from './log-filters';
import classes from './LogsPage.module.css';

export function LogFoot({ logs, count }: { readonly logs: Logs; readonly count: number }) {
  const { t, format } = useLabels();
  const hasLines = count > 0;
  if (logs.lines === null) return null;
  const { hasOlder, isSearching, isTrimmed, readToWallMs } = logs;
  if (!hasLines && !hasOlder && !isSearching) return <NoLines searchedTo={readToWallMs} />;
  return (
    <div className={classes['foot']}>
      <Dim as="span">
        {hasLines && t('logs.lines', { count, shown: format.number(count) })} {hasLines && '· '}
        {isTrimmed && t('logs.trimmed', { most: format.number(MAX_KEPT_LINES) })}
        {!isTrimmed && !hasOlder && t(logs.sources.includes('app') ? 'logs.start' : 'logs.start_memory')}
        {!isTrimmed && hasOlder && readToWallMs !== null && (
          <Rich k={hasLines ? 'logs.searched_to' : 'logs.none_found_to'} values={{ time: <ExactTime wallMs={readToWallMs} /> }} />
        )}
      </Dim>
      {hasOlder && (
        <Button size="compact-sm" variant="default" loading={isSearching} onClick={logs.loadOlder}>
          {t('logs.older')}
        </Button>
      )}
    </div>
  );
}

function NoLines({ searchedTo }: { readonly searchedTo: Logs['readToWallMs'] }) {
  const labels = useLabels();
  const { t } = labels;
  const route = useRoute();
  const isFiltered = route.search !== '' || route.filters.length > 0;
  if (!isFiltered) return <p>{t('logs.none')}</p>;
  return (
    <div className={classes['empty']}>
      <p>
        {t('logs.none_found', { what: searchedText(labels, route) })}
        {labels.gap}
        {searchedTo !== null && (
          <Dim as="span">
            <Rich k="logs.searched_to" values={{ time: <ExactTime wallMs={searchedTo} /> }} />
          </Dim>
        )}
      </p>
      <p>
        <Dim as="span">{t('logs.debug_off')}</Dim>
        {labels.gap}
        <a href={hrefOf({ page: 'settings', search: 'log.level' })}>{t('logs.settings')}</a>
      </p>
      <Button variant="default" onClick={() => goTo({ ...route, page: 'logs', search: '', filters: [] })}>
        {t('logs.clear')}
      </Button>
    </div>
  );
}

/** The search and the filters: `“zzz”, Warnings, auth_failed`. */
function searchedText({ t }: Labels, { search, filters }: Pick<Route, 'search' | 'filters'>): string {
  const { level, source, event, nodeId } = logFiltersOf(filters, search);
  return [
    ...(search === '' ? [] : [t('logs.quoted', { text: search })]),
    ...(level === 'debug' ? [] : [t(`logs.levels.${level}`)]),
    ...(source === null ? [] : [t(`log_source.${source}`)]),
    ...[event, nodeId].filter((value) => value !== null),
  ].join(t('punctuation.list'));
}
