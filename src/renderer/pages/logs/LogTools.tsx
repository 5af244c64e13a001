// Search, level, further filters, and the button that pauses the page.
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { LOG_EVENTS } from '../../../shared/api/log-events';
import { LOG_LEVELS, type LogLine } from '../../../shared/api/logs';
import { FilterMenu, type TableFilter } from '../../components/DataTable/FilterMenu';
import { TableSearch } from '../../components/DataTable/TableSearch';
import { useTableRoute } from '../../components/DataTable/use-table-route';
import { TableTools } from '../../components/TableTools';
import { Segmented } from '../../components/Segmented';
import { useLabels, type Labels } from '../../i18n/use-labels';
import type { Logs } from '../../queries/logs';
import classes from './LogTools.module.css';
import { countedValues, isInMenu, lastOfEach, logFiltersOf, withFilter } from './log-filters';

export interface LogToolsProps {
  readonly logs: Logs;
  readonly lines: readonly LogLine[];
  readonly isPaused: boolean;
  readonly onPaused: (isPaused: boolean) => void;
  readonly nameOf: (nodeId: string) => string | null;
}

/** A search begins when the user stops typing. */
const TYPING_MS = 300;

export function LogTools({ logs, lines, isPaused, onPaused, nameOf }: LogToolsProps) {
  const labels = useLabels();
  const { t } = labels;
  const { search, filters, setFilters } = useTableRoute('logs');
  const [typed, setTyped] = useTyped();
  const { level } = logFiltersOf(filters, search);
  return (
    <TableTools className={classes['tools']}>
      <TableSearch label={t('logs.search')} search={typed} found={null} total={0} onSearch={setTyped} />
      <Segmented
        label={t('logs.level')}
        choices={LOG_LEVELS.map((value) => ({ value, label: t(`logs.levels.${value}`) }))}
        value={level}
        onChange={(value) => setFilters(withFilter(filters, 'level', value === 'debug' ? null : value))}
      />
      <FilterMenu
        filters={menuOf({ logs, lines, labels, nameOf }, filters)}
        chosen={filters.filter(isInMenu)}
        onChange={(chosen) => setFilters([...filters.filter((filter) => !isInMenu(filter)), ...lastOfEach(chosen)])}
      />
      <Button variant="default" size="compact-sm" aria-pressed={isPaused} onClick={() => onPaused(!isPaused)}>
        {t(isPaused ? 'logs.resume' : 'action.pause')}
      </Button>
    </TableTools>
  );
}

interface MenuOptions {
  readonly logs: Logs;
  readonly lines: readonly LogLine[];
  readonly labels: Labels;
  readonly nameOf: (nodeId: string) => string | null;
}

function menuOf({ logs, lines, labels: { t }, nameOf }: MenuOptions, filters: Parameters<typeof logFiltersOf>[0]): readonly TableFilter[] {
  const { event, nodeId } = logFiltersOf(filters, '');
  const countOf = (source: string): number => lines.filter((line) => line.source === source).length;
  const sources = logs.sources.length > 1 ? logs.sources : [];
  return [
    {
      key: 'source',
      label: t('logs.source'),
      values: sources.map((value) => ({ value, label: t(`log_source.${value}`), count: countOf(value) })),
    },
    {
      key: 'node',
      label: t('logs.node'),
      values: countedValues(lines, 'node', nodeId === null ? [] : [nodeId]).map((one) => ({
        ...one,
        label: nameOf(one.value) ?? one.value,
      })),
    },
    {
      key: 'event',
      label: t('logs.event'),
      values: countedValues(lines, 'event', event === null ? LOG_EVENTS : [...LOG_EVENTS, event]).map((one) => ({
        ...one,
        label: one.value,
      })),
    },
  ];
}

/** The text of the search field, and the search of the route some time later. */
function useTyped(): readonly [string, (text: string) => void] {
  const { search, setSearch } = useTableRoute('logs');
  const [typed, setTyped] = useState(search);
  const [known, setKnown] = useState(search);
  // The route changed elsewhere, e.g. by a link.
  if (known !== search) {
    setKnown(search);
    setTyped(search);
  }
  useEffect(() => {
    if (typed === search) return undefined;
    const timer = setTimeout(() => {
      setSearch(typed);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, search, setSearch]);
  return [typed, setTyped];
}
