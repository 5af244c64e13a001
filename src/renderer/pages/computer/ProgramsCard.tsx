// The programs on the GPU that works most, while the owner keeps jobs away: the cause of the load is among them. The GPUs page has the others.
import type { GpuView, HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { useLabels } from '../../i18n/use-labels';
import { useGpuProcesses } from '../../queries/gpus';
import { GpuPrograms } from '../gpus/GpuPrograms';

export function ProgramsCard({ hardware }: { readonly hardware: HardwareView }) {
  const { t } = useLabels();
  const gpu = busiestOf(hardware);
  const { value, error } = useGpuProcesses(gpu !== undefined);
  if (gpu === undefined) return null;
  const title = t('gpus.programs_of', { name: gpu.name });
  return (
    <Card>
      <GpuPrograms gpu={gpu} processes={value} error={error} title={title} />
    </Card>
  );
}

/** A simulated GPU has no programs. */
const busiestOf = ({ gpus }: HardwareView): GpuView | undefined =>
  gpus.filter(({ accepted, available, simulated }) => accepted && available && !simulated).toSorted((a, b) => useOf(b) - useOf(a))[0];

const useOf = ({ utilization_percent: use }: GpuView): number => (use.known ? use.value : -1);
