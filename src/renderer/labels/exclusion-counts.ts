// Why no node takes a job: the reasons of nodes that could take it soon, then those of nodes that are not ready, each with its number of nodes.
// Nodes without a connection are one count at the end.
import { EXCLUSION_REASONS, type ExclusionReason } from '../../shared/protocol/status';
import type { Labels } from '../i18n/use-labels';

type NodeReason = Exclude<ExclusionReason, 'not_online'>;
const NODE_REASONS = EXCLUSION_REASONS.filter((code): code is NodeReason => code !== 'not_online');

/** These nodes take no job at all. */
const UNREADY: ReadonlySet<NodeReason> = new Set(['status_not_ready', 'quarantined']);

/** Of reasons with the same number of nodes, those that a person can change come first. */
const ORDER: Readonly<Record<NodeReason, number>> = {
  model_not_available: 0,
  vram_insufficient: 1,
  gpu_unavailable: 2,
  not_in_public_pool: 3,
  model_failing: 4,
  quarantined: 5,
  not_requested_node: 6,
  capacity_exceeded: 7,
  resource_threshold_exceeded: 8,
  status_not_ready: 9,
};

/** More would hide the first of them. */
const MOST_NAMED = 3;

/** A longer text does not fit in the narrowest column, which would break it inside a word. */
const MOST_UNBROKEN = 24;

/** A line breaks between two reasons; inside a long one it does not part a number from its unit. */
const withoutBreaks = (text: string): string => text.replaceAll(text.length > MOST_UNBROKEN ? /(?<=\d) /g : / /g, '\u00a0');

/** Null: no reason that this version knows. */
export function exclusionCountsText(
  { t, format }: Labels,
  reasons: Readonly<Partial<Record<ExclusionReason, number | undefined>>>,
): string | null {
  const rankOf = (code: NodeReason): number => (UNREADY.has(code) ? 1 : 0);
  const counts = NODE_REASONS.map((code) => ({ code, count: reasons[code] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => rankOf(one.code) - rankOf(other.code) || other.count - one.count || ORDER[one.code] - ORDER[other.code]);
  const textOf = (code: ExclusionReason, count: number, isFirst: boolean): string => {
    const formatted = format.number(count);
    const nodes = isFirst ? t('jobs.node_count', { count, formatted }) : t('job_row.more_nodes', { nodes: formatted });
    return t('job_row.reason', { reason: t(`exclusion.${code}`), nodes });
  };
  const named = counts.slice(0, MOST_NAMED).map(({ code, count }, at) => textOf(code, count, at === 0));
  const others = counts.slice(MOST_NAMED).reduce((sum, { count }) => sum + count, 0);
  if (others > 0) named.push(t('job_row.other_reasons', { nodes: t('job_row.more_nodes', { nodes: format.number(others) }) }));
  const lost = reasons.not_online ?? 0;
  if (lost > 0) named.push(textOf('not_online', lost, named.length === 0));
  return named.length === 0 ? null : named.map(withoutBreaks).join('\u00a0· ');
}
