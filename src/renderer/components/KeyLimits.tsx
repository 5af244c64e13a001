// The limits of a key in one line, with a bar for the tokens of today. `figures`: tokens of today as a percentage or as counts.
import { type KeyLimits as Limits, POOL_LIMIT_NAMES } from '../../shared/api/members';
import { type KeyUse, PROGRAM_LIMIT_NAMES } from '../../shared/api/program-limits';
import { type Labels, useLabels } from '../i18n/use-labels';
import { UseBar } from './bars/UseBar';
import classes from './KeyLimits.module.css';

export interface KeyLimitsProps {
  readonly limits: Limits;
  /** Null: not known. */
  readonly use: KeyUse | null;
  readonly figures: 'percent' | 'counts';
}

export function KeyLimits({ limits, use, figures }: KeyLimitsProps) {
  const labels = useLabels();
  const texts = limitTexts(labels, { limits, use, figures });
  if (texts.length === 0) return null;
  const { t } = labels;
  const perDay = limits.tokens_per_day ?? null;
  const text = texts.join(' · ');
  return (
    <span className={classes['limits']}>
      {perDay !== null && use !== null && (
        <span className={classes['bar']}>
          <UseBar
            label={t('key_limits.today_bar')}
            use={{ pool: Math.min(perDay, use.tokens_today), owner: 0 }}
            total={perDay}
            text={tokensToday(labels, perDay, use)}
            figure={null}
          />
        </span>
      )}
      <span title={limitTexts(labels, { limits, use, figures: 'counts' }).join('\n')}>{text}</span>
    </span>
  );
}

const tokensToday = ({ t, format }: Labels, max: number, use: KeyUse): string =>
  t('key_limits.tokens_today', { max: format.number(max), used: format.number(use.tokens_today) });

/** One text for each limit. */
export function limitTexts(labels: Labels, { limits, use, figures }: KeyLimitsProps): readonly string[] {
  const { t, format } = labels;
  const texts = PROGRAM_LIMIT_NAMES.flatMap((name) => {
    const limit = limits[name] ?? null;
    if (limit === null) return [];
    if (name !== 'tokens_per_day' || use === null) return [t(`key_limits.short.${name}`, { max: format.number(limit) })];
    if (figures === 'counts') return [tokensToday(labels, limit, use)];
    return [t('key_limits.share_today', { percent: format.percent(Math.floor((use.tokens_today / limit) * 100)) })];
  });
  const priority = limits.priority ?? 'normal';
  const ofPool = POOL_LIMIT_NAMES.flatMap((name) => {
    const max = limits[name];
    return max === null ? [] : [t(`key_limits.short.${name}`, { max: format.number(max) })];
  });
  return [...texts, ...(priority === 'normal' ? [] : [t(`key_limits.priority_note.${priority}`)]), ...ofPool];
}
