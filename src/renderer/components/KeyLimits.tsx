// The limits of a key, with a bar for its tokens of today. Short: the part of the tokens of today that is used, or the first limit, and how
// many more there are. In two lines: the counts of today above the other limits.
import { type KeyLimits as Limits, POOL_LIMIT_NAMES } from '../../shared/api/members';
import { type KeyUse, PROGRAM_LIMIT_NAMES } from '../../shared/api/program-limits';
import { type Labels, useLabels } from '../i18n/use-labels';
import { UseBar } from './bars/UseBar';
import classes from './KeyLimits.module.css';

export interface KeyLimitsProps {
  readonly limits: Limits;
  /** Null: not known. */
  readonly use: KeyUse | null;
  readonly lines: 1 | 2;
}

/** Whether any use is limited or any priority is set. */
export const hasLimits = ({ priority, ...limits }: Limits): boolean =>
  (priority ?? 'normal') !== 'normal' || Object.values(limits).some((limit) => limit !== null);

/** Nothing for a key without limits. */
export function KeyLimits({ limits, use, lines }: KeyLimitsProps) {
  const labels = useLabels();
  const perDay = limits.tokens_per_day ?? null;
  const today = perDay === null || use === null ? null : { perDay, used: use.tokens_today };
  const counts = today === null ? null : countsText(labels, today);
  const { number, tick } = labels.format;
  const all = limitTexts(labels, limits, { today: counts, text: number });
  if (all.length === 0) return null;
  const line = limitTexts(labels, limits, { today: today === null ? null : '', text: tick });
  if (lines === 1 && today !== null) line.unshift(shareText(labels, today));
  return (
    <span className={classes['limits']} title={all.join('\n')} data-lines={lines}>
      {today !== null && (
        <span className={classes['today']}>
          <span className={classes['bar']}>
            <UseBar
              label={labels.t('key_limits.today_bar')}
              use={{ pool: Math.min(today.perDay, today.used), owner: 0 }}
              total={today.perDay}
              text={counts ?? ''}
              figure={null}
            />
          </span>
          {lines === 2 && shortCountsText(labels, today)}
        </span>
      )}
      {line.length > 0 && <span>{lines === 1 ? firstOf(labels, line) : line.join(' · ')}</span>}
    </span>
  );
}

const firstOf = ({ t }: Labels, [first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? first : t('key_limits.more', { first, count: more.length });

interface Today {
  readonly perDay: number;
  readonly used: number;
}

const countsText = ({ t, format }: Labels, { perDay, used }: Today): string =>
  t('key_limits.tokens_today', { max: format.number(perDay), used: format.number(used) });

/** The title has the exact numbers. */
const shortCountsText = ({ t, format }: Labels, { perDay, used }: Today): string =>
  t('key_limits.tokens_today', { max: format.tick(perDay), used: format.compact(used) });

/** A limit is full when it is full, not before. */
const shareText = ({ t, format }: Labels, { perDay, used }: Today): string =>
  t('key_limits.share_today', {
    percent: format.percent(Math.min(used < perDay ? 99 : 100, (used / perDay) * 100)),
    max: format.tick(perDay),
  });

interface LimitTextsOptions {
  /** For the tokens per day. Empty: they are said elsewhere. Null: the use is not known. */
  readonly today: string | null;
  readonly text: (max: number) => string;
}

/** One text for each limit. */
function limitTexts({ t }: Labels, limits: Limits, { today, text }: LimitTextsOptions): string[] {
  const texts = PROGRAM_LIMIT_NAMES.flatMap((name) => {
    const limit = limits[name] ?? null;
    if (limit === null) return [];
    if (name === 'tokens_per_day' && today !== null) return today === '' ? [] : [today];
    return [t(`key_limits.short.${name}`, { max: text(limit) })];
  });
  const priority = limits.priority ?? 'normal';
  const ofPool = POOL_LIMIT_NAMES.flatMap((name) => {
    const max = limits[name];
    return max === null ? [] : [t(`key_limits.short.${name}`, { max: text(max) })];
  });
  return [...texts, ...(priority === 'normal' ? [] : [t(`key_limits.priority_note.${priority}`)]), ...ofPool];
}
