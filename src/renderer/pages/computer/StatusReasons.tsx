// Why this computer has its availability: each failed check or load over its limit with its numbers, and the event that ends the state.
// The codes are among the details of the node, on the Nodes page.
import { availabilityOf, overUses, slotsOf } from '../../../shared/api/availability';
import { isDamaged } from '../../../shared/api/own-damage';
import type { PauseView } from '../../../shared/protocol/pauses';
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import { assertNever } from '../../../shared/assert-never';
import { useClockPart } from '../../clock/Clock';
import { Dim } from '../../components/Dim';
import { DrainLines } from '../../components/DrainLines';
import { FailingModels } from '../../components/FailingModels';
import { QuarantineLines } from '../../components/QuarantineLines';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { failedCheckLabel } from '../../labels/failed-check';
import { pauseLabel } from '../../labels/pause-labels';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { BusyReasons } from './BusyReasons';
import classes from './StatusReasons.module.css';

export interface StatusReasonsProps {
  readonly message: NodeStatusMessage;
}

export function StatusReasons({ message }: StatusReasonsProps) {
  const { t } = useLabels();
  const { health, drain, quarantine, failing_models: failing = [] } = message;
  const { state, reasons } = availabilityOf(message);
  return (
    <>
      {state === 'busy' ? <BusyReasons over={overUses(reasons)} /> : <Next message={message} />}
      {drain?.by === 'operator' && <DrainLines drain={drain} />}
      {quarantine != null && <QuarantineLines quarantine={quarantine} />}
      <FailedChecks message={message} />
      {message.status === 'degraded' && <Repair message={message} />}
      {failing.length > 0 && <FailingModels models={failing} />}
      {message.status === 'ready' && health.failures_in_window > 0 && (
        <Dim as="p">
          {t('hero.window', { failures: health.failures_in_window, size: health.window.length, threshold: health.failure_threshold })}
        </Dim>
      )}
    </>
  );
}

function FailedChecks({ message: { health } }: StatusReasonsProps) {
  const labels = useLabels();
  const { t } = labels;
  if (health.failed_checks.length === 0) return null;
  return (
    <ul className={classes['checks']} aria-label={t('nodes.failed_checks')}>
      {health.failed_checks.map((check) => {
        const { title, detail } = failedCheckLabel(labels, check);
        return (
          <li key={check.check}>
            <b>{title}</b>
            {detail !== null && `${t('punctuation.colon')}${detail}`}
          </li>
        );
      })}
    </ul>
  );
}

/** What the owner does about damaged models that fail the check. */
function Repair({ message: { health } }: StatusReasonsProps) {
  const { t } = useLabels();
  const hasDamage = useApp(({ agent }) => agent?.models.some(isDamaged) === true);
  return hasDamage && health.failed_checks.some(({ code }) => code === 'model_not_ready') ? <p>{t('own_models.repair')}</p> : null;
}

/** The effect of the state on jobs, and the event that ends it. */
function Next({ message }: StatusReasonsProps) {
  const labels = useLabels();
  const nextSlotWallMs = useApp((app) => ownNode(app)?.next_slot_at ?? null);
  const text = useClockPart((nowWallMs) => nextText(labels, message, nextSlotWallMs, nowWallMs));
  return text === null ? null : <p>{text}</p>;
}

/** How a pause ends whose end has no time yet. */
function ruleEnd({ t, gap }: Labels, { reason_code: code, until }: PauseView): string {
  if (until !== null || code === 'owner' || code === 'schedule') return '';
  return `${gap}${t(`rule_end.${code}`)}`;
}

/** The jobs end first, at the latest at the deadline. */
function stoppingText(labels: Labels, pause: PauseView, nowWallMs: number): string {
  const { t, format, gap } = labels;
  const next = pauseLabel(labels, { ...pause, code: pause.reason_code }, 'own_next', nowWallMs);
  const deadline = pause.deadline_at === null ? [] : [t('nodes.deadline', { left: format.duration(pause.deadline_at - nowWallMs) })];
  return [t('hero.draining.next'), ...deadline, next].join(gap);
}

/** Durations are rounded down: less than a second left counts as one. */
const PART_OF_SECOND_MS = 999;

/**
 * Null: the title says all; of a quarantined computer that its owner pauses, the lines of the quarantine do.
 * @param nextSlotWallMs when a full computer should have a free slot; null: not known
 */
function nextText(labels: Labels, message: NodeStatusMessage, nextSlotWallMs: number | null, nowWallMs: number): string | null {
  const { t, format, gap } = labels;
  const { health } = message;
  const { total, later } = slotsOf(message);
  const { state } = availabilityOf(message);
  // The owner shares: the pool alone keeps the jobs away.
  const isShared = message.pause == null && message.drain?.by !== 'node';
  const reason = `${labels.code('status_reason', message.reason_code)}${t('punctuation.stop')}`;
  switch (state) {
    case 'available':
      return null;
    case 'full': {
      const next =
        nextSlotWallMs === null || nextSlotWallMs <= nowWallMs
          ? []
          : [t('hero.full.next', { left: format.duration(nextSlotWallMs - nowWallMs + PART_OF_SECOND_MS) })];
      const opening = later === 0 ? [] : [t('hero.full.later', { limit: format.number(total + later) })];
      return next.length + opening.length === 0 ? null : [...next, ...opening].join(gap);
    }
    case 'paused':
      if (message.quarantine != null) return message.pause == null ? t('hero.paused.after_release') : null;
      return message.pause == null
        ? t(isShared ? 'hero.paused.next_shared' : 'hero.paused.next')
        : `${t('pause.next')}${ruleEnd(labels, message.pause)}`;
    case 'draining':
      return message.pause == null
        ? t(isShared ? 'hero.draining.next_shared' : 'hero.draining.next')
        : stoppingText(labels, message.pause, nowWallMs);
    case 'registering': {
      const deadline = health.warmup_deadline;
      const left =
        deadline === null
          ? ''
          : deadline > nowWallMs
            ? t('hero.warmup_left', { left: format.duration(deadline - nowWallMs) })
            : t('hero.warmup_over');
      return `${t('hero.registering.next', { count: health.required_successes })}${left === '' ? '' : gap}${left}`;
    }
    case 'degraded':
      return `${reason}${t('hero.degraded.next')}`;
    case 'busy':
    case 'asleep':
    case 'disconnected':
    case 'offline':
      return reason;
    default:
      return assertNever(state);
  }
}
