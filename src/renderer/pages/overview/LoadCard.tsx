// What else this computer is doing: the owner's work comes first, and keeps jobs away above the pool's limit.
import type { HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { Facts } from '../../components/Facts';
import { useWords } from '../../i18n/use-words';

export function LoadCard({ name, hardware }: { readonly name: string; readonly hardware: HardwareView }) {
  const { t, format } = useWords();
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
