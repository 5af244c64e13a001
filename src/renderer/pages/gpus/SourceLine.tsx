// The source of the readings and their age.
import type { HardwareView } from '../../../shared/api/agent-view';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';

export function SourceLine({ hardware }: { readonly hardware: HardwareView }) {
  const labels = useLabels();
  const { t } = labels;
  const now = useNow();
  if (hardware.read_at === null) return t('gpus.not_read');
  const source = [
    ...new Set(hardware.gpus.filter((gpu) => gpu.accepted).map((gpu) => (gpu.simulated ? t('simulated.badge') : gpu.source))),
  ].join(t('punctuation.comma'));
  const age = labels.ago(hardware.read_at, now);
  return source === '' ? age : t('gpus.source', { source, age });
}
