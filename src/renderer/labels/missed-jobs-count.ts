// How many jobs a node did not get, and in which time: `16 in the last hour`.
import type { MissedJobs } from '../../shared/api/dispatch';
import type { Labels } from '../i18n/use-labels';

const HOUR_SECONDS = 3600;

export function missedJobsCount({ t, format }: Labels, { total, window_seconds: seconds }: MissedJobs): string {
  const formatted = format.number(total);
  if (seconds === HOUR_SECONDS) return t('missed_jobs_card.last_hour', { formatted });
  return t('missed_jobs_card.window', { count: total, formatted, window: format.duration(seconds * 1000) });
}
