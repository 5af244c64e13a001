// The number of nodes in each state, as one line: a ready node is available, full or busy.
import { READY_STATES } from '../../shared/api/availability';
import type { AvailabilityState } from '../../shared/protocol/status';
import type { Labels } from '../i18n/use-labels';

export type StateCounts = Readonly<Record<AvailabilityState, number>>;

export const totalOf = (counts: StateCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

export const readyCount = (counts: StateCounts): number => READY_STATES.reduce((sum, state) => sum + counts[state], 0);

/** `50 nodes · 48 ready: 3 available, 45 busy` */
export function countsText({ t, format }: Labels, counts: StateCounts): string {
  const total = totalOf(counts);
  if (total === 0) return '';
  const ready = readyCount(counts);
  const states = READY_STATES.filter((state) => counts[state] > 0).map((state) =>
    t('node_counts.state', { formatted: format.number(counts[state]), state: t(`availability_phrase.${state}`) }),
  );
  return [
    t('node_counts.total', { count: total, formatted: format.number(total) }),
    ready === 0
      ? t('node_counts.none_ready')
      : t('node_counts.ready', { ready: format.number(ready), states: states.join(t('punctuation.comma')) }),
  ].join(' · ');
}
