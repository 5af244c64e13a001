// The availability of a node as text: its reason with a number, short enough for a table.
import { type AvailabilityFacts, availabilityFacts, deadlineOf, type ExplainedSource, type Waking } from '../../shared/api/availability';
import type { OverUse } from '../../shared/api/exclusion-facts';
import { assertNever } from '../../shared/assert-never';
import type { PauseView } from '../../shared/protocol/pauses';
import { drainNote } from '../../shared/reasons/drain-notes';
import type { Labels } from '../i18n/use-labels';
import { failedCheckLabel, shortCheckLabel } from './failed-check';
import { localized } from './localized';
import { pauseLabel, type PausePerspective, type PauseText } from './pause-labels';

/** Durations are rounded down: less than a second left counts as one. */
const PART_OF_SECOND_MS = 999;

export interface ReasonOptions {
  /** For the cell of a table: few words, numbers first. The used slots have their own column. */
  readonly isShort?: boolean;
}

export function availabilityReason(labels: Labels, node: ExplainedSource, nowWallMs: number, options: ReasonOptions = {}): string {
  return availabilityReasonParts(labels, node, nowWallMs, options).join(labels.t('punctuation.semicolon'));
}

/** One text, or one for each use above its limit. */
export function availabilityReasonParts(
  labels: Labels,
  node: ExplainedSource,
  nowWallMs: number,
  { isShort = false }: ReasonOptions = {},
): readonly string[] {
  const facts = availabilityFacts(node);
  if (facts.kind === 'load' && facts.over !== null && !isShort) return facts.over.map((over) => overUseLabel(labels, over));
  return [reasonOf(labels, facts, nowWallMs, isShort)];
}

function reasonOf(labels: Labels, facts: AvailabilityFacts, nowWallMs: number, isShort: boolean): string {
  const { t, format } = labels;
  const pauseText = (pause: PauseView, perspective: PausePerspective): string =>
    pauseLabel(labels, { ...pause, code: pause.reason_code }, perspective, nowWallMs);
  switch (facts.kind) {
    case 'slots':
      return slotsText(labels, facts, nowWallMs, isShort);
    case 'load':
      if (facts.over === null) return t(facts.isHidden ? 'load.above' : 'availability_reason.load_unknown');
      return shortLoad(labels, facts.over);
    case 'drained':
      return isShort && facts.note !== null
        ? withNote(labels, t(`availability_reason.drained_short.${facts.by}`), drainNoteLabel(labels, facts.note))
        : withNote(labels, t(`availability_reason.drained_by.${facts.by}`), drainNoteLabel(labels, facts.note));
    case 'quarantined':
      return withNote(labels, t('availability_reason.quarantined'), facts.note);
    case 'paused':
      return pauseText(facts.pause, isShort ? 'node_cell' : 'node_short');
    case 'draining': {
      const left = t('availability_reason.jobs_left', { count: facts.jobs });
      const deadline = facts.deadlineAtWallMs === null ? null : format.duration(facts.deadlineAtWallMs - nowWallMs);
      if (isShort) return deadline === null ? left : t('availability_reason.until_deadline', { count: facts.jobs, left: deadline });
      const jobs = facts.pause === null ? left : t('pause.draining', { pause: pauseText(facts.pause, 'node'), jobs: left });
      return deadline === null ? jobs : t('availability_reason.deadline', { jobs, left: deadline });
    }
    case 'checks':
      return t('availability_reason.checks', { passed: format.number(facts.passed), required: format.number(facts.required) });
    case 'failed_check': {
      if (isShort) return shortCheckLabel(labels, facts.check);
      const { title, detail } = failedCheckLabel(labels, facts.check);
      return detail === null ? title : t('health_detail.of', { title, detail });
    }
    case 'gpu':
      return t('health_detail.of', {
        title: labels.code('health_code', 'gpu_unavailable'),
        detail: labels.code('gpu_use_fault', facts.fault),
      });
    case 'silent':
      if (facts.sinceWallMs === null) return t('availability_reason.never');
      return t('availability_reason.silent', { age: format.duration(nowWallMs - facts.sinceWallMs) });
    case 'asleep':
      return facts.waking === null
        ? t('availability_reason.asleep', { age: format.duration(nowWallMs - facts.sinceWallMs) })
        : wakingLabel(labels, facts.waking, nowWallMs, isShort);
    case 'status':
      return labels.code('status_reason', facts.reasonCode);
    default:
      return assertNever(facts);
  }
}

/** For its owner, while this computer drains because of a pause: `Stops after 2 jobs, deadline in 57 min`. */
export function stoppingLabel(labels: Labels, node: ExplainedSource, cause: PauseText, nowWallMs: number): string {
  const { t, format } = labels;
  const deadlineAtWallMs = deadlineOf(node);
  const jobs = t('pause.stops_after', { count: node.in_flight_jobs });
  const stops = deadlineAtWallMs === null ? jobs : t('pause.stops_within', { jobs, left: format.duration(deadlineAtWallMs - nowWallMs) });
  const isEndKnown = cause.code !== 'owner' || cause.until !== null;
  return isEndKnown ? t('pause.stopping', { stops, pause: pauseLabel(labels, cause, 'own_short', nowWallMs) }) : stops;
}

function wakingLabel({ t, format }: Labels, { sinceWallMs, usualSeconds }: Waking, nowWallMs: number, isShort: boolean): string {
  const age = format.duration(nowWallMs - sinceWallMs);
  if (usualSeconds === null) return t('availability_reason.waking', { age });
  return t(isShort ? 'availability_reason.waking_short' : 'availability_reason.waking_usual', {
    age,
    usual: format.duration(usualSeconds * 1000),
  });
}

type SlotFacts = Extract<AvailabilityFacts, { readonly kind: 'slots' }>;

function slotsText(labels: Labels, { used, total, later, nextAtWallMs }: SlotFacts, nowWallMs: number, isShort: boolean): string {
  const { t, format } = labels;
  // The predicted end has passed: the job is late.
  const next = nextAtWallMs === null || nextAtWallMs <= nowWallMs ? null : format.duration(nextAtWallMs - nowWallMs + PART_OF_SECOND_MS);
  if (isShort && next !== null) return t('availability_reason.next_slot', { left: next });
  if (isShort && later > 0) return t('availability_reason.slots_later', { count: later });
  const parts = [t('availability_reason.slots', { used: format.number(used), total: format.number(total) })];
  if (next !== null) parts.push(t('availability_reason.next', { left: next }));
  if (later > 0) parts.push(t('availability_reason.slots_later', { count: later }));
  return parts.join(t('punctuation.comma'));
}

export function drainNoteLabel(labels: Labels, note: string | null): string | null {
  const text = drainNote(note);
  return text === null ? null : localized(labels, text);
}

/** `Drained by an operator: driver update` */
export const withNote = ({ t }: Labels, reason: string, note: string | null): string =>
  note === null ? reason : t('availability_reason.note', { reason, note });

/** `GPU 71%, limit 25%, 1 more` */
function shortLoad(labels: Labels, [first, ...others]: readonly OverUse[]): string {
  const { t, format } = labels;
  if (first === undefined) return '';
  const label =
    first.use === 'available_memory'
      ? t('availability_reason.memory_short', { available: format.gb(first.availableGb), required: format.gb(first.requiredGb) })
      : overUseLabel(labels, first);
  return others.length === 0 ? label : t('availability_reason.more_limits', { label, count: others.length });
}

/** `GPU 71%, limit 25%` */
export function overUseLabel({ t, format }: Labels, over: OverUse): string {
  return over.use === 'available_memory'
    ? t('availability_reason.memory', { available: format.gb(over.availableGb), required: format.gb(over.requiredGb) })
    : t('availability_reason.load', {
        use: t(`use_name.${over.use}`),
        percent: format.percent(over.percent),
        limit: format.percent(over.limitPercent),
      });
}
