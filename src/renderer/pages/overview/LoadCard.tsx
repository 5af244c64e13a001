// The CPU and memory load of this computer. The node gets new jobs only while each load is below the limit of the pool.
import type { HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Facts } from '../../components/Facts';
import { useLabels } from '../../i18n/use-labels';

export function LoadCard({ name, hardware }: { readonly name: string; readonly hardware: HardwareView }) {
  const { t, format } = useLabels();
  const unknown = t('unknown.not_reported');
  return (
    <Card title={t('gpus.load_title')} aside={name}>
      <Facts
        facts={[
          [
            t('gpus.cpu'),
            `${hardware.cpu_percent === null ? unknown : format.percent(hardware.cpu_percent)} · ${t('gpus.cores', { count: hardware.cpu_cores })}`,
          ],
          [
            t('gpus.load_memory'),
            hardware.mem_percent === null
              ? `${format.gb(hardware.memory_gb)} · ${unknown}`
              : t('gpus.of_total', { percent: format.percent(hardware.mem_percent), total: format.gb(hardware.memory_gb) }),
          ],
        ]}
      />
    </Card>
  );
}
