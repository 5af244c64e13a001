// To the page of the vendor that has the driver of a GPU.
import type { GpuView } from '../../shared/api/agent-view';
import { useLabels } from '../i18n/use-labels';
import { driverOf } from '../labels/repairable-gpu';

/** `gpu`: undefined where no driver makes a GPU usable. */
export function DriverLink({ gpu }: { readonly gpu: GpuView | undefined }) {
  const { t } = useLabels();
  const driver = gpu === undefined ? undefined : driverOf(gpu);
  if (driver === undefined) return null;
  return (
    <a href={driver.page} target="_blank" rel="noopener noreferrer">
      {t('gpus.get_driver', { vendor: driver.name })}
    </a>
  );
}
