// The log of the program: live, with filters in the URL. The page is paused by its button, and while the user reads further down or has a
// line open, so that no line moves away.
import { Button } from '@mantine/core';
import { type UIEvent, useCallback, useMemo, useRef, useState } from 'react';
import { useClockPart } from '../../clock/Clock';
import { DataTable } from '../../components/DataTable/DataTable';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { StatusLabel } from '../../components/StatusLabel';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { useLogs, type Logs } from '../../queries/logs';
import { useOperation } from '../../queries/use-operation';
import { useSettings } from '../../queries/settings';
import { useScreen } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import type { LogLine } from '../../../shared/api/logs';
import { DiagnosticsDialog } from './DiagnosticsDialog';
import { logColumns } from './log-columns';
import { LogDrawer } from './LogDrawer';
import { LogFoot } from './LogFoot';
import { LogHistogram } from './LogHistogram';
import { LogTools } from './LogTools';
import { logFiltersOf } from './log-filters';
import { modelsOfJobs } from './log-text';
import { usePaused } from './use-paused';
import { useTimeSpan } from './use-time-span';
import classes from './LogsPage.module.css';

const keyOf = ({ id }: LogLine): string => id;
/** Further down than this, the user reads. */
const READING_FROM_PX = 40;

export function LogsPage() {
  const { t } = useLabels();
  const route = useRoute();
  const logs = useLogs(logFiltersOf(route.filters, route.search));
  const nameOf = useNodeName();
  const [isReading, setIsReading] = useState(false);
  const isStill = isReading || route.id !== null;
  const { shown: loaded, waiting, isPaused, setPaused } = usePaused(logs, isStill);
  const { span, setSpan, shown } = useTimeSpan(loaded);
  const [isExporting, setIsExporting] = useState(false);
  const onScroll = ({ target }: UIEvent): void => {
    if (target instanceof HTMLElement) setIsReading(target.scrollTop > READING_FROM_PX);
  };
  const list = useRef<HTMLDivElement>(null);
  const toNewest = (): void => {
    setPaused(false);
    setIsReading(false);
    list.current?.querySelector('[role="region"]')?.scrollTo(0, 0);
    goTo({ ...route, page: 'logs', id: null });
  };
  const modelOf = useModelOfJob(logs.lines);
  const open = route.id === null ? undefined : shown.find(({ id }) => id === route.id);
  const { error } = logs;
  if (error !== null && (error.code === 'FORBIDDEN' || error.code === 'NOT_AVAILABLE_HERE'))
    return (
      <Page title={t('logs.title')}>
        <Dim as="p">{t(error.code === 'FORBIDDEN' ? 'logs.member' : 'logs.not_here')}</Dim>
      </Page>
    );
  return (
    <Page
      title={t('logs.title')}
      subtitle={<LiveState isPaused={isPaused || isStill} hasOpenLine={!isPaused && route.id !== null} waiting={waiting} />}
      actions={
        <>
          <OpenFolder />
          <Button variant="default" onClick={() => setIsExporting(true)}>
            {t('logs.export')}
          </Button>
        </>
      }
      toolbar={
        <LogTools
          logs={logs}
          lines={shown}
          isPaused={isPaused || isStill}
          onPaused={(pauses) => (pauses ? setPaused(true) : toNewest())}
          nameOf={nameOf}
        />
      }
      layout="full"
    >
      <div ref={list} className={classes['page']} onScrollCapture={onScroll}>
        {waiting > 0 && (
          <div className={classes['newest']}>
            <Button size="compact-sm" onClick={toNewest}>
              {t('logs.to_newest')}
            </Button>
          </div>
        )}
        <LogHistogram lines={loaded} span={span} onSpan={setSpan} />
        <LogRows logs={logs} lines={shown} nameOf={nameOf} modelOf={modelOf} />
        <LogFoot logs={logs} count={shown.length} />
      </div>
      <ErrorNote error={error} />
      {open !== undefined && <LogDrawer line={open} nameOf={nameOf} modelOf={modelOf} />}
      {isExporting && <DiagnosticsDialog onClose={() => setIsExporting(false)} />}
    </Page>
  );
}

interface LogRowsProps {
  readonly logs: Logs;
  readonly lines: readonly LogLine[];
  readonly nameOf: (nodeId: string) => string | null;
  readonly modelOf: (jobId: string) => string | null;
}

function LogRows({ logs, lines, nameOf, modelOf }: LogRowsProps) {
  const labels = useLabels();
  const { t } = labels;
  const { search, filters, id } = useRoute();
  const hasSources = logs.sources.length > 1;
  const isPhone = useIsPhone();
  const isBesideLine = id !== null && !isPhone;
  const oldestWallMs = lines.at(-1)?.at ?? Infinity;
  const hasDates = useClockPart((nowWallMs) => new Date(oldestWallMs).toDateString() !== new Date(nowWallMs).toDateString());
  const columns = useMemo(
    () => logColumns({ labels, nameOf, modelOf, hasSources, isBesideLine, hasDates, isPhone, route: { search, filters } }),
    [labels, nameOf, modelOf, hasSources, isBesideLine, hasDates, isPhone, search, filters],
  );
  if (logs.lines === null) return logs.error === null ? <Dim as="p">{t('logs.loading')}</Dim> : null;
  if (lines.length === 0) return null;
  return <DataTable label={t('logs.list')} columns={columns} rows={lines} keyOf={keyOf} density="dense" openKey={id} hidesColumns />;
}

interface LiveStateProps {
  readonly isPaused: boolean;
  /** An open line pauses the page. */
  readonly hasOpenLine: boolean;
  readonly waiting: number;
}

function LiveState({ isPaused, hasOpenLine, waiting }: LiveStateProps) {
  const { t, format } = useLabels();
  if (!isPaused) return <span className={classes['live']}>{t('logs.live')}</span>;
  const count = { count: waiting, shown: format.number(waiting) };
  const label = waiting === 0 ? t('logs.paused') : t('logs.paused_new', count);
  return (
    <span title={hasOpenLine ? t('logs.paused_line') : undefined}>
      <StatusLabel shape="paused" label={label} />
    </span>
  );
}

function OpenFolder() {
  const { t } = useLabels();
  const { value: view } = useSettings();
  const { run, pending } = useOperation('settings.open_folder');
  // A phone window has no space for the button.
  const isPhone = useIsPhone();
  if (isPhone || view?.can_open_folders !== true) return null;
  return (
    <Button variant="default" loading={pending} onClick={() => void run({ folder: 'logs' })}>
      {t('logs.open_folder')}
    </Button>
  );
}

/** Reads the name when a row is rendered: the list does not render again when nodes change. */
function useNodeName(): (nodeId: string) => string | null {
  const { store } = useScreen();
  return useCallback((nodeId: string) => store.getState().app?.nodes.get(nodeId)?.name ?? null, [store]);
}

function useModelOfJob(lines: readonly LogLine[] | null): (jobId: string) => string | null {
  const models = useMemo(() => modelsOfJobs(lines ?? []), [lines]);
  return useCallback((jobId: string) => models.get(jobId) ?? null, [models]);
}
