// The schedule as a grid: seven days, 24 hours. A click changes an hour, a drag all hours in between, the name of a day the whole day.
// By keyboard: arrow keys move, Space changes, Shift with an arrow key also gives the next hour the state of this one.
// A phone is too narrow for 24 columns: there, the days are the columns and the hours the rows.
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import {
  cellState,
  DAY_HOURS,
  type HourCell,
  hoursOfWeek,
  openMinutes,
  type SharingWeek,
  WEEK_DAYS,
  weekOf,
  withCells,
} from '../../../shared/sharing-week';
import { useLabels } from '../../i18n/use-labels';
import { useIsPhone } from '../use-is-phone';
import { cellsBetween, MOVES, moved, WEEK } from './week-cells';
import classes from './WeekGrid.module.css';

export interface WeekGridProps {
  readonly label: string;
  /** The hours as in the settings. Empty: always. */
  readonly hours: readonly string[];
  readonly isLocked: boolean;
  readonly onChange: (hours: string[]) => void;
}

interface Drag {
  readonly from: HourCell;
  readonly to: HourCell;
  readonly isOpen: boolean;
}

const HOURS = Array.from({ length: DAY_HOURS }, (_, hour) => hour);

export function WeekGrid({ label, hours, isLocked, onChange }: WeekGridProps) {
  const { t, gap } = useLabels();
  const isPhone = useIsPhone();
  const { week, isEmpty, isOpenAt, fill, start, enter } = useWeek(hours, isLocked, onChange);
  const { grid, current, press } = useGridKeys({ isLocked, isByHour: isPhone, isOpenAt, fill });
  const fillDay = (day: number): void => fill(dayCells(day), !dayCells(day).every(isOpenAt));
  const days: Axis = {
    name: t('week.day'),
    values: WEEK,
    head: (day, role) => <DayHead key={day} day={day} role={role} isLocked={isLocked} onFill={fillDay} />,
  };
  const dayHours: Axis = {
    name: t('week.hour'),
    values: HOURS,
    head: (hour, role) => (
      <span key={hour} role={role} className={classes['hour']} aria-label={clockText(hour)}>
        {isPhone || hour % 6 === 0 ? String(hour) : ''}
      </span>
    ),
  };
  const [rows, columns] = isPhone ? [dayHours, days] : [days, dayHours];
  return (
    <div className={classes['week']}>
      <div
        ref={grid}
        role="grid"
        aria-label={label}
        aria-readonly={isLocked}
        className={classes['grid']}
        data-locked={isLocked || undefined}
      >
        <div role="row" className={classes['row']}>
          <span role="columnheader" aria-label={rows.name} />
          {columns.values.map((column) => columns.head(column, 'columnheader'))}
        </div>
        {rows.values.map((row) => (
          <div key={row} role="row" className={classes['row']}>
            {rows.head(row, 'rowheader')}
            {columns.values.map((column) => {
              const cell = isPhone ? { day: column, hour: row } : { day: row, hour: column };
              return (
                <Cell
                  key={column}
                  cell={cell}
                  state={cellState(week, cell)}
                  isCurrent={current.day === cell.day && current.hour === cell.hour}
                  onStart={start}
                  onEnter={enter}
                  onPress={press}
                />
              );
            })}
          </div>
        ))}
      </div>
      <p className={classes['note']}>
        <Summary week={week} isEmpty={isEmpty} />
        {gap}
        {!isLocked && (isPhone ? t('week.how_phone') : <span className={classes['how']}>{t('week.how')}</span>)}
      </p>
    </div>
  );
}

type HeadRole = 'columnheader' | 'rowheader';

/** The days or the hours, as rows or as columns. */
interface Axis {
  readonly name: string;
  readonly values: readonly number[];
  readonly head: (value: number, role: HeadRole) => ReactNode;
}

interface DayHeadProps {
  readonly day: number;
  readonly role: HeadRole;
  readonly isLocked: boolean;
  readonly onFill: (day: number) => void;
}

function DayHead({ day, role, isLocked, onFill }: DayHeadProps) {
  const { t, format } = useLabels();
  const name = format.weekday(day, 'short');
  return (
    <span role={role}>
      <button
        type="button"
        className={classes['day']}
        disabled={isLocked}
        aria-label={t('week.whole_day', { day: name })}
        onClick={() => onFill(day)}
      >
        {name}
      </button>
    </span>
  );
}

function Summary({ week, isEmpty }: { readonly week: SharingWeek; readonly isEmpty: boolean }) {
  const { t, format } = useLabels();
  const [open, total] = [openMinutes(week) / 60, WEEK_DAYS * DAY_HOURS];
  return (
    <span role="status">
      {isEmpty
        ? t('week.none_open')
        : open === total
          ? t('week.always')
          : t('week.open', { hours: format.number(open, 1), total: format.number(total) })}
    </span>
  );
}

/** The week with the drag that is not ended, and its changes. */
function useWeek(hours: readonly string[], isLocked: boolean, onChange: (hours: string[]) => void) {
  const text = hours.join('\n');
  const saved = useMemo(() => weekOf(text === '' ? [] : text.split('\n')), [text]);
  const [drag, setDrag] = useState<Drag | null>(null);
  /** The last change would have left no hour open. */
  const [isEmpty, setEmpty] = useState(false);
  const isOpenAt = (cell: HourCell): boolean => cellState(saved, cell) === 'open';
  const fill = (cells: readonly HourCell[], isOpen: boolean): void => {
    const texts = hoursOfWeek(withCells(saved, cells, isOpen));
    setEmpty(texts === null);
    if (texts !== null && texts.join('\n') !== text) onChange([...texts]);
  };
  useEndOfDrag(drag, (ended) => {
    setDrag(null);
    if (ended !== null) fill(cellsBetween(ended.from, ended.to), ended.isOpen);
  });
  const start = (event: PointerEvent, cell: HourCell): void => {
    if (isLocked || event.button !== 0) return;
    // A finger would keep its first cell as the target of each later event.
    if (event.currentTarget.hasPointerCapture(event.pointerId)) event.currentTarget.releasePointerCapture(event.pointerId);
    setDrag({ from: cell, to: cell, isOpen: !isOpenAt(cell) });
  };
  return {
    week: drag === null ? saved : withCells(saved, cellsBetween(drag.from, drag.to), drag.isOpen),
    isEmpty,
    isOpenAt,
    fill,
    start,
    enter: (to: HourCell): void => setDrag((before) => before && { ...before, to }),
  };
}

const dayCells = (day: number): readonly HourCell[] => HOURS.map((hour) => ({ day, hour }));
const clockText = (hour: number): string => `${String(hour)}:00`;

interface CellProps {
  readonly cell: HourCell;
  readonly state: ReturnType<typeof cellState>;
  readonly isCurrent: boolean;
  readonly onStart: (event: PointerEvent, cell: HourCell) => void;
  readonly onEnter: (cell: HourCell) => void;
  readonly onPress: (event: KeyboardEvent, cell: HourCell) => void;
}

function Cell({ cell, state, isCurrent, onStart, onEnter, onPress }: CellProps) {
  const { t, format } = useLabels();
  const { day, hour } = cell;
  const time = `${format.weekday(day, 'long')} ${clockText(hour)}–${clockText(hour + 1)}`;
  return (
    <span
      role="gridcell"
      tabIndex={isCurrent ? 0 : -1}
      aria-selected={state === 'open'}
      aria-label={`${time}${t('punctuation.colon')}${t(`week.${state}_hour`)}`}
      className={classes['cell']}
      data-cell={`${String(day)} ${String(hour)}`}
      data-state={state}
      onPointerDown={(event) => onStart(event, cell)}
      onPointerEnter={() => onEnter(cell)}
      onKeyDown={(event) => onPress(event, cell)}
    />
  );
}

interface GridKeys {
  readonly isLocked: boolean;
  /** The rows are hours. */
  readonly isByHour: boolean;
  readonly isOpenAt: (cell: HourCell) => boolean;
  readonly fill: (cells: readonly HourCell[], isOpen: boolean) => void;
}

/** One stop for Tab. */
function useGridKeys({ isLocked, isByHour, isOpenAt, fill }: GridKeys) {
  const grid = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<HourCell>({ day: 1, hour: 0 });
  const press = (event: KeyboardEvent, cell: HourCell): void => {
    const { key, shiftKey } = event;
    if (key === ' ' || key === 'Enter') {
      event.preventDefault();
      setCurrent(cell);
      if (!isLocked) fill([cell], !isOpenAt(cell));
      return;
    }
    const move = MOVES[key];
    if (move === undefined) return;
    event.preventDefault();
    const next = moved(cell, move, isByHour);
    if (shiftKey && !isLocked) fill([next], isOpenAt(cell));
    setCurrent(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${String(next.day)} ${String(next.hour)}"]`)?.focus();
  };
  return { grid, current, press };
}

/** The pointer may be released anywhere. `onEnd` null: the drag was cancelled. */
function useEndOfDrag(drag: Drag | null, onEnd: (drag: Drag | null) => void): void {
  const latest = useRef({ drag, onEnd });
  useEffect(() => {
    latest.current = { drag, onEnd };
  });
  const isDragging = drag !== null;
  useEffect(() => {
    if (!isDragging) return undefined;
    const release = (): void => latest.current.onEnd(latest.current.drag);
    const cancel = (): void => latest.current.onEnd(null);
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', cancel);
    return () => {
      window.removeEventListener('pointerup', release);
      window.removeEventListener('pointercancel', cancel);
    };
  }, [isDragging]);
}
