// When jobs may start on this computer: a mode with its limits, and for CPU, GPU and memory the owner's use, the limit to change, and the
// result by the scheduler. The limit of a use comes before that of the mode. Without `control` the card only shows.
import type { ReactNode } from 'react';
import { LIMITS_OF_MODE, SHARE_MODES, type ShareMode } from '../../../shared/api/share-modes';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { UseBar } from '../bars/UseBar';
import { Card } from '../Card';
import type { LoadRow } from '../Load/load-rows';
import { StatusLabel } from '../StatusLabel';
import { Stepper } from '../Stepper';
import classes from './LimitsCard.module.css';

type LimitUse = LoadRow['use'];

export interface LimitsControl {
  /** Null: the limits of the scheduler hold. */
  readonly mode: ShareMode | null;
  /** A flag or a variable sets it. */
  readonly isModeLocked: boolean;
  /** The owner's own limits. Null: that of the mode. */
  readonly limits: Readonly<Record<LimitUse, { readonly percent: number | null; readonly isLocked: boolean }>>;
  readonly setMode: (mode: ShareMode) => void;
  readonly setLimit: (use: LimitUse, percent: number) => void;
}

export interface LimitsCardProps {
  readonly rows: readonly LoadRow[];
  readonly control: LimitsControl;
  /** The rules of the owner. */
  readonly children?: ReactNode;
}

/** 100 sets no limit. */
const NO_LIMIT = 100;
const STEP = 5;

export function LimitsCard({ rows, control, children }: LimitsCardProps) {
  const { t } = useLabels();
  return (
    <Card title={t('load.title')} aside={t('limits.at_once')}>
      <div className={classes['limits']}>
        <p className={classes['note']}>{t('limits.note')}</p>
        <Modes rows={rows} control={control} />
        <div className={classes['rows']}>
          {rows.map((row) => (
            <LimitRow key={row.use} row={row} control={control} />
          ))}
          {children}
        </div>
      </div>
    </Card>
  );
}

/** The limit that holds: the owner's own, that of the mode, or that of the scheduler. */
function heldLimit({ use, limit }: LoadRow, { mode, limits }: LimitsControl): number {
  const own = limits[use].percent;
  if (own !== null) return own;
  return (mode === null ? limit?.percent : LIMITS_OF_MODE[mode][`${use}_percent`]) ?? NO_LIMIT;
}

/** Without a chosen mode, the one with the limits of the scheduler. Null: no mode has these limits, or they are not known. */
function shownMode(rows: readonly LoadRow[], control: LimitsControl): ShareMode | null {
  if (control.mode !== null) return control.mode;
  if (rows.some(({ limit }) => limit === null)) return null;
  const holds = (mode: ShareMode): boolean =>
    rows.every((row) => heldLimit(row, control) === (LIMITS_OF_MODE[mode][`${row.use}_percent`] ?? NO_LIMIT));
  return SHARE_MODES.find(holds) ?? null;
}

interface ModesProps {
  readonly rows: readonly LoadRow[];
  readonly control: LimitsControl;
}

function Modes({ rows, control }: ModesProps) {
  const labels = useLabels();
  const { t } = labels;
  const { isModeLocked, setMode } = control;
  const mode = shownMode(rows, control);
  return (
    <div role="radiogroup" aria-label={t('load.title')} className={classes['modes']}>
      {SHARE_MODES.map((choice) => (
        <label key={choice} data-chosen={choice === mode ? '' : undefined} data-locked={isModeLocked ? '' : undefined}>
          <input type="radio" name="share-mode" checked={choice === mode} disabled={isModeLocked} onChange={() => setMode(choice)} />
          <span>{labels.code('setting_choice', choice)}</span>
          <small>{modeText(labels, choice)}</small>
        </label>
      ))}
    </div>
  );
}

function LimitRow({ row, control }: { readonly row: LoadRow; readonly control: LimitsControl }) {
  const { t, format } = useLabels();
  const { use, totalPercent, shares, result } = row;
  const percent = use === 'mem' ? totalPercent : (shares?.ownerPercent ?? null);
  const held = heldLimit(row, control);
  const shown = percent === null ? null : use === 'mem' ? { used: percent } : { owner: percent, pool: 0 };
  const name = t(`use_name.${use}`);
  const now = percent === null ? t('unknown.none') : format.percent(percent);
  return (
    <div className={classes['row']}>
      <b>{name}</b>
      <UseBar label={name} use={shown} total={100} limit={held < NO_LIMIT ? held : null} text={now} first="owner" />
      <Stepper
        label={t('limits.limit_of', { use: name })}
        value={held}
        min={0}
        max={NO_LIMIT}
        step={STEP}
        text={(value) => (value >= NO_LIMIT ? t('limits.no_limit') : format.percent(value))}
        onChange={(value) => control.setLimit(use, value)}
        disabled={control.limits[use].isLocked}
      />
      <span className={classes['result']}>
        {result === 'above' && <StatusLabel shape="busy" label={t('load.above')} />}
        {result === 'below' && <StatusLabel shape="available" label={t('load.below')} />}
      </span>
    </div>
  );
}

function modeText({ t, format }: Labels, mode: ShareMode): string {
  const { cpu_percent: cpu, gpu_percent: gpu } = LIMITS_OF_MODE[mode];
  if (cpu === null || gpu === null) return t('limits.none');
  const parts = (
    [
      ['cpu', cpu],
      ['gpu', gpu],
    ] as const
  ).map(([use, percent]) => t('limits.limit', { use: t(`use_name.${use}`), percent: format.percent(percent) }));
  return t('limits.below', { limits: parts.join(t('punctuation.comma')) });
}
