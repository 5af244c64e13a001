// The limits of a key in its row.
import { POOL_LIMIT_NAMES } from '../../../shared/api/members';
import { PROGRAM_LIMIT_NAMES } from '../../../shared/api/program-limits';
import { Dim } from '../../components/Dim';
import { type Labels, useLabels } from '../../i18n/use-labels';
import classes from './LimitsNote.module.css';
import type { MemberRow } from './member-rows';

export function LimitsNote({ row }: { readonly row: MemberRow }) {
  const texts = limitNotes(row, useLabels());
  if (texts.length === 0) return null;
  return (
    <Dim as="span">
      <span className={classes['limits']}>
        {texts.map((text) => (
          <span key={text}>{text}</span>
        ))}
      </span>
    </Dim>
  );
}

/** One text for each limit. */
function limitNotes({ limits, use, revokedWallMs }: MemberRow, { t, format }: Labels): readonly string[] {
  if (limits === null || revokedWallMs !== null) return [];
  const texts = PROGRAM_LIMIT_NAMES.flatMap((name) => {
    const limit = limits[name] ?? null;
    if (limit === null) return [];
    const max = format.number(limit);
    if (name === 'tokens_per_day' && use !== null) return [t('key_limits.tokens_today', { max, used: format.number(use.tokens_today) })];
    return [t(`key_limits.short.${name}`, { max })];
  });
  const priority = limits.priority ?? 'normal';
  const ofPool = POOL_LIMIT_NAMES.flatMap((name) => {
    const max = limits[name];
    return max === null ? [] : [t(`key_limits.short.${name}`, { max: format.number(max) })];
  });
  return [...texts, ...(priority === 'normal' ? [] : [t(`key_limits.priority_note.${priority}`)]), ...ofPool];
}
