// When jobs may start on this computer: a mode with its limits, and for CPU, GPU and memory the owner's use, the limit to change, and the
// result by the scheduler. The limit of a use comes before that of the mode. Without `control` the card only shows.
import { memo, type ReactNode } from 'react';
import { LIMITS_OF_MODE, modeWith, SHARE_MODES, type ShareMode } from '../../../shared/api/share-modes';
import { useLabels } from '../../i18n/use-labels';
import { shareModeText } from '../../labels/share-mode-text';
import { UseBar } from '../bars/UseBar';
import { Card } from '../Card';
import type { LoadRow } from '../Load/load-rows';
import { Rich } from '../Rich';
import { StatusLabel } from '../StatusLabel';
import { Stepper } from '../Stepper';
import { ClockTime } from '../Time';
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
  /** When the scheduler reported the limits, while the connection is lost. Null: they hold now. */
  readonly asOfWallMs: number | null;
  /** The rules of the owner: below the limits, or beside them in a wide card. */
  readonly children?: ReactNode;
}

/** 100 sets no limit. */
const NO_LIMIT = 100;
const STEP = 5;

export function LimitsCard({ rows, control, asOfWallMs, children }: LimitsCardProps) {
  const { t, gap } = useLabels();
  const isUnknown = rows.some((row) => heldLimit(row, control) === null);
  return (
    <Card title={t('load.title')} aside={t('limits.at_once')}>
      <div className={classes['limits']}>
        <div className={classes['halves']}>
          <div className={classes['half']}>
            <p className={classes['note']}>
              {t('load.own_note')}
              {(isUnknown || asOfWallMs !== null) && gap}
              {isUnknown
                ? t('limits.unknown')
                : asOfWallMs !== null && <Rich k="limits.as_of" values={{ time: <ClockTime wallMs={asOfWallMs} /> }} />}
            </p>
            <Modes mode={shownMode(rows, control)} isLocked={control.isModeLocked} onChange={control.setMode} />
            <div>
              {rows.map((row) => (
                <LimitRow
                  key={row.use}
                  use={row.use}
                  percent={row.use === 'mem' ? row.totalPercent : (row.shares?.ownerPercent ?? null)}
                  held={heldLimit(row, control)}
                  result={row.result}
                  isLocked={control.limits[row.use].isLocked}
                  onChange={control.setLimit}
                />
              ))}
            </div>
          </div>
          {children !== undefined && <div className={classes['rules']}>{children}</div>}
        </div>
      </div>
    </Card>
  );
}

/** The limit that holds: the owner's own, that of the mode, or that of the scheduler. Null: the scheduler has not reported its limit. */
function heldLimit({ use, limit }: LoadRow, { mode, limits }: LimitsControl): number | null {
  const own = limits[use].percent;
  if (own !== null) return own;
  if (mode !== null) return LIMITS_OF_MODE[mode][`${use}_percent`] ?? NO_LIMIT;
  return limit === null ? null : (limit.percent ?? NO_LIMIT);
}

/** Without a chosen mode, the one with the limits of the scheduler. Null: no mode has these limits, or they are not known. */
function shownMode(rows: readonly LoadRow[], control: LimitsControl): ShareMode | null {
  if (control.mode !== null) return control.mode;
  if (rows.some(({ limit }) => limit === null)) return null;
  const held = (use: LimitUse): number | null => {
    const row = rows.find((some) => some.use === use);
    const percent = row === undefined ? null : heldLimit(row, control);
    return percent === NO_LIMIT ? null : percent;
  };
  return modeWith({ cpu_percent: held('cpu'), gpu_percent: held('gpu'), mem_percent: held('mem') });
}

interface ModesProps {
  readonly mode: ShareMode | null;
  readonly isLocked: boolean;
  readonly onChange: (mode: ShareMode) => void;
}

const Modes = memo(function Modes({ mode, isLocked, onChange }: ModesProps) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <div role="radiogroup" aria-label={t('load.title')} className={classes['modes']}>
      {SHARE_MODES.map((choice) => (
        <label key={choice} data-chosen={choice === mode ? '' : undefined} data-locked={isLocked ? '' : undefined}>
          <input type="radio" name="share-mode" checked={choice === mode} disabled={isLocked} onChange={() => onChange(choice)} />
          <span>{labels.code('setting_choice', choice)}</span>
          <small>{shareModeText(labels, choice)}</small>
        </label>
      ))}
    </div>
  );
});

interface LimitRowProps {
  readonly use: LimitUse;
  /** The use that is compared with the limit. Null: not known. */
  readonly percent: number | null;
  /** Null: not known. */
  readonly held: number | null;
  readonly result: LoadRow['result'];
  readonly isLocked: boolean;
  readonly onChange: (use: LimitUse, percent: number) => void;
}

const LimitRow = memo(function LimitRow({ use, percent, held, result, isLocked, onChange }: LimitRowProps) {
  const { t, format } = useLabels();
  const shown = percent === null ? null : use === 'mem' ? { used: percent } : { owner: percent, pool: 0 };
  const name = t(`use_name.${use}`);
  const now = percent === null ? t('unknown.none') : format.percent(percent);
  return (
    <div className={classes['row']}>
      <b>{name}</b>
      <UseBar label={name} use={shown} total={100} limit={held !== null && held < NO_LIMIT ? held : null} text={now} first="owner" />
      <Stepper
        label={t('limits.limit_of', { use: name })}
        value={held}
        min={0}
        max={NO_LIMIT}
        step={STEP}
        text={(value) => (value >= NO_LIMIT ? t('limits.no_limit') : format.percent(value))}
        onChange={(value) => onChange(use, value)}
        disabled={isLocked}
      />
      <span className={classes['result']}>
        {result === 'above' && <StatusLabel shape="busy" label={t('load.above')} />}
        {result === 'below' && <StatusLabel shape="available" label={t('load.below')} />}
      </span>
    </div>
  );
});
