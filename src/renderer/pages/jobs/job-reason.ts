// Of a listed job: why it waits, where it runs and how fast, or how it ended. In one text; or beside its status, where node, sender and times
// have columns.
import type { AppJobRow } from '../../../shared/api/app-job';
import type { RowWaiting } from '../../../shared/api/job';
import { assertNever } from '../../../shared/assert-never';
import { EXCLUSION_REASONS } from '../../../shared/protocol/status';
import type { Labels } from '../../i18n/use-labels';
import { exclusionCountsText } from '../../labels/exclusion-counts';
import { jobErrorLabel } from '../../labels/job-labels';
import { ranMs } from './job-figures';

const MS_PER_SECOND = 1000;

export interface ReasonContext {
  readonly labels: Labels;
  readonly nameOf: (nodeId: string) => string;
  readonly nowWallMs: number;
  /** The place in the queue and the time until a slot are shown beside the reason. */
  readonly hidesPlace?: boolean;
  /** The word of the status is before it. */
  readonly isBesideStatus?: boolean;
}

export function jobReason(job: AppJobRow, context: ReasonContext): string {
  const { labels, nameOf, nowWallMs } = context;
  const { t, format } = labels;
  const node = job.node_id === null ? null : nameOf(job.node_id);
  const submitter = job.submitter?.name ?? null;
  switch (job.status) {
    case 'queued':
      return job.wait === undefined ? t('job_row.queued') : waitReason(job.wait, context);
    case 'assigned':
      return t('job_row.assigned', { node: node ?? t('unknown.none') });
    case 'running':
      return joined([onNode(node, labels), speedOf(job, labels), submitter === null ? null : t('job_page.from', { name: submitter })]);
    case 'succeeded': {
      const ran = ranMs(job, nowWallMs);
      const done = node === null || ran === null ? node : t('job_row.done', { node, took: format.took(ran) });
      return joined([done, attemptOf(job, labels)]);
    }
    case 'failed':
    case 'cancelled':
    case 'expired':
      return joined([errorOf(job, labels), onNode(node, labels)]);
    default:
      return assertNever(job.status);
  }
}

/** Null: the status says all. */
export function jobNote(job: AppJobRow, context: ReasonContext): string | null {
  const { labels } = context;
  const { t, format } = labels;
  switch (job.status) {
    case 'queued':
      return jobReason(job, { ...context, isBesideStatus: true });
    case 'assigned':
      return t('job_row.not_started');
    case 'running': {
      const tokens = job.progress?.tokens;
      const output = tokens === undefined ? null : t('job_row.tokens', { tokens: format.number(tokens) });
      return orNull(joined([speedOf(job, labels), output, attemptOf(job, labels)]));
    }
    case 'succeeded':
      return attemptOf(job, labels);
    case 'failed':
    case 'cancelled':
    case 'expired':
      return errorOf(job, labels);
    default:
      return assertNever(job.status);
  }
}

const onNode = (node: string | null, { t }: Labels): string | null => (node === null ? null : t('job_row.on', { node }));

function speedOf({ progress }: AppJobRow, { t, format }: Labels): string | null {
  const rate = progress?.tokens_per_second ?? null;
  return rate === null ? null : t('job_row.tokens_per_second', { rate: format.number(rate) });
}

/** Null: the first one. */
const attemptOf = ({ attempt }: AppJobRow, { t, format }: Labels): string | null =>
  attempt > 1 ? t('job_row.attempt', { attempt: format.number(attempt) }) : null;

const errorOf = ({ error }: AppJobRow, labels: Labels): string | null => (error === null ? null : jobErrorLabel(labels, error).title);

const orNull = (text: string): string | null => (text === '' ? null : text);

const joined = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join('\u00a0· ');

export function waitReason(
  wait: RowWaiting,
  { labels, nameOf, nowWallMs, hidesPlace = false, isBesideStatus = false }: ReasonContext,
): string {
  const { t, format } = labels;
  if (wait.blocked_by !== null) return t(`job_row.${wait.blocked_by}`);
  if (wait.not_before !== null) return t('job_row.retry', { left: format.duration(wait.not_before - nowWallMs + MS_PER_SECOND - 1) });
  if (wait.held_for !== null) return t(isBesideStatus ? 'job_row.held_slot' : 'job_row.held', { node: nameOf(wait.held_for) });
  if (wait.nodes_total === 0) return t('job_row.no_nodes');
  if (wait.reasons === null) return t('job_row.queued');
  const excluded = EXCLUSION_REASONS.reduce((sum, code) => sum + (wait.reasons?.[code] ?? 0), 0);
  if (excluded < wait.nodes_total) return t('job_row.starting');
  const [full, busy] = [wait.reasons['capacity_exceeded'] ?? 0, wait.reasons['resource_threshold_exceeded'] ?? 0];
  if (full + busy > 0) {
    const parts = [
      full === 0 ? null : t('job_row.full', { count: full }),
      full === 0 || hidesPlace ? null : slotText(wait, labels),
      busy === 0 ? null : t('job_row.busy', { count: busy }),
    ];
    return parts.filter((part) => part !== null).join(t('punctuation.comma'));
  }
  if (wait.reasons['model_not_available'] === wait.nodes_total) return t('job_row.no_model');
  return exclusionCountsText(labels, wait.reasons) ?? t('job_row.queued');
}

function slotText({ slot_seconds: seconds, ahead }: RowWaiting, { t, format }: Labels): string | null {
  if (seconds === null) return ahead === 0 ? null : t('job_row.behind', { count: ahead });
  const left = format.duration(Math.max(1, Math.ceil(seconds)) * MS_PER_SECOND);
  return ahead === 0 ? t('job_row.slot', { left }) : t('job_row.slot_behind', { count: ahead, left });
}
