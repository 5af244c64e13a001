// The source of the readings and their age.
import type { HardwareView } from '../../../shared/api/agent-view';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';

export function SourceLine({ hardware, long = false }: { readonly hardware: HardwareView; readonly long?: boolean }) {
  const labels = useLabels();
  const { t, format } = labels;
  const now = useNow();
  if (hardware.read_at === null) return t('gpus.not_read');
  const source = [
    ...new Set(hardware.gpus.filter((gpu) => gpu.accepted).map((gpu) => (gpu.simulated ? t('simulated.badge') : gpu.source))),
  ].join(t('punctuation.comma'));
  const age = labels.ago(hardware.read_at, now);
  if (source === '') return age;
  return long && hardware.read_took_ms !== null
    ? t('gpus.source_took', { source, age, took: format.number(hardware.read_took_ms) })
    : t('gpus.source', { source, age });
}
