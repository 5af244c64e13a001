// The sentence of the hero: the availability of this computer first, then the number that explains the state.
import { availabilityFacts, availabilityOf, overUses, slotsOf } from '../../../shared/api/availability';
import type { OverUse } from '../../../shared/api/exclusion-facts';
import { assertNever } from '../../../shared/assert-never';
import type { NodeStatusMessage } from '../../../shared/protocol/scheduler-messages';
import type { Labels } from '../../i18n/use-labels';
import { heatValues, type HotGpu } from '../../labels/hot-gpu';
import { pauseLabel } from '../../labels/pause-labels';

/** `hot`: null where no temperature is known. */
export function availabilityTitle(labels: Labels, message: NodeStatusMessage, hot: HotGpu | null, nowWallMs: number): string {
  const { t, format } = labels;
  const { state, reasons } = availabilityOf(message);
  switch (state) {
    case 'available':
    case 'full': {
      const { used, total } = slotsOf(message);
      return t(`hero.${state}.title`, { used: format.number(used), total: format.number(total) });
    }
    case 'busy':
      return busyTitle(labels, overUses(reasons) ?? []);
    case 'paused':
      if (message.pause?.reason_code === 'temperature' && message.quarantine == null && message.pause.detail != null && hot !== null)
        return t('hero.paused.hot', heatValues(labels, hot, message.pause.detail));
      if (message.pause != null && message.quarantine == null)
        return pauseLabel(labels, { ...message.pause, code: message.pause.reason_code }, 'own', nowWallMs);
      return t(`hero.paused.${message.quarantine == null ? (message.drain?.by ?? 'unknown') : 'quarantined'}`);
    case 'draining':
      return t('hero.draining.title', { count: message.in_flight_jobs });
    case 'registering': {
      const facts = availabilityFacts(message);
      return facts.kind === 'checks' ? t('hero.registering.title', facts) : t('hero.awaiting.title');
    }
    case 'degraded':
      return t('hero.degraded.title');
    case 'asleep':
    case 'disconnected':
    case 'offline':
      return t('hero.away', { state: t(`availability.${state}`) });
    default:
      return assertNever(state);
  }
}

function busyTitle({ t, format }: Labels, [over, ...others]: readonly OverUse[]): string {
  if (over === undefined) return t('hero.busy.unknown');
  // The rule about available memory only explains the use of memory.
  if (others.some(({ use }) => use !== 'available_memory')) {
    const uses = [over, ...others].map((one) =>
      one.use === 'available_memory'
        ? t('hero.busy.part_memory', { available: format.gb(one.availableGb), required: format.gb(one.requiredGb) })
        : t('hero.busy.part', {
            use: t(`use_name.${one.use}`),
            percent: format.percent(one.percent),
            limit: format.percent(one.limitPercent),
          }),
    );
    const isOfPool = [over, ...others].every((one) => one.use !== 'available_memory' && one.setBy === 'scheduler');
    return t(`hero.${isOfPool ? 'busy_pool' : 'busy'}.several`, { uses: uses.join(t('punctuation.semicolon')) });
  }
  if (over.use === 'available_memory')
    return t('hero.busy.memory', { available: format.gb(over.availableGb), required: format.gb(over.requiredGb) });
  // A reader who chose no limit looks for it in the own settings, and does not find it there.
  const group = over.setBy === 'scheduler' ? 'busy_pool' : 'busy';
  return t(`hero.${group}.${over.use}`, { percent: format.percent(over.percent), limit: format.percent(over.limitPercent) });
}
