// The programs on the GPUs while the owner keeps jobs away: the reason of the load is in the list.
import type { HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { useGpuProcesses } from '../../queries/gpus';
import { GpuPrograms } from '../gpus/GpuPrograms';
import { useLabels } from '../../i18n/use-labels';

export function ProgramsCard({ hardware }: { readonly hardware: HardwareView }) {
  const { t } = useLabels();
  const gpus = hardware.gpus.filter(({ accepted, available, simulated }) => accepted && available && !simulated);
  const { value, error } = useGpuProcesses(gpus.length > 0);
  return gpus.map((gpu) => (
    <Card key={gpu.key} label={t('gpus.programs_of', { name: gpu.name })}>
      <GpuPrograms gpu={gpu} processes={value} error={error} title={t('gpus.programs_of', { name: gpu.name })} />
    </Card>
  ));
}
