// The source of the readings and their age.
import type { HardwareView } from '../../../shared/api/agent-view';
import { useClockPart } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';

export function SourceLine({ hardware }: { readonly hardware: HardwareView }) {
  const labels = useLabels();
  const { t } = labels;
  const readAtWallMs = hardware.read_at;
  const age = useClockPart((nowWallMs) => (readAtWallMs === null ? null : labels.ago(readAtWallMs, nowWallMs)));
  if (age === null) return t('gpus.not_read');
  const source = [
    ...new Set(hardware.gpus.filter((gpu) => gpu.accepted).map((gpu) => (gpu.simulated ? t('simulated.badge') : gpu.source))),
  ].join(t('punctuation.list'));
  return source === '' ? age : t('gpus.source', { source, age });
}
