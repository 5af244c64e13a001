// The source of the readings and their age.
import type { GpuView, HardwareView } from '../../../shared/api/agent-view';
import { useAge } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';

export function SourceLine({ hardware: { read_at: readAtWallMs, gpus } }: { readonly hardware: HardwareView }) {
  const { t } = useLabels();
  return readAtWallMs === null ? t('gpus.not_read') : <SourceAndAge readAtWallMs={readAtWallMs} gpus={gpus} />;
}

function SourceAndAge({ readAtWallMs, gpus }: { readonly readAtWallMs: number; readonly gpus: readonly GpuView[] }) {
  const { t } = useLabels();
  const age = useAge(readAtWallMs);
  const source = [...new Set(gpus.filter((gpu) => gpu.accepted).map((gpu) => (gpu.simulated ? t('simulated.badge') : gpu.source)))].join(
    t('punctuation.list'),
  );
  return source === '' ? age : t('gpus.source', { source, age });
}
