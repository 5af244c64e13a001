// The GPUs that a working driver would make usable.
import type { GpuView } from '../../shared/api/agent-view';
import type { Labels } from '../i18n/use-labels';
import { shortGpuName } from './gpu-names';

const REPAIRABLE: readonly string[] = ['no_driver', 'no_nvidia_smi', 'driver_not_working'];

/** The fix makes the GPU usable. Other adapters stay unused. */
export const isRepairable = ({ refusal_code: code }: GpuView): boolean => code !== null && REPAIRABLE.includes(code);

/** The vendors whose drivers are installed apart from the system, with the pages that have them. */
const DRIVERS: Partial<Record<GpuView['vendor'], { readonly name: string; readonly page: string }>> = {
  nvidia: { name: 'NVIDIA', page: 'https://www.nvidia.com/en-us/drivers/' },
  amd: { name: 'AMD', page: 'https://www.amd.com/en/support/download/drivers.html' },
  intel: { name: 'Intel', page: 'https://www.intel.com/content/www/us/en/support/detect.html' },
};

/** Undefined: the system has the driver, or the vendor is not known. */
export const driverOf = ({ vendor }: GpuView) => DRIVERS[vendor];

/** Which driver does not work, and the fix. */
export function repairText({ t }: Pick<Labels, 't'>, gpu: GpuView): string {
  const vendor = driverOf(gpu)?.name;
  const driver = vendor === undefined ? t('gpus.driver') : t('gpus.vendor_driver', { vendor });
  return t('hero.no_gpu_repair', { driver, name: shortGpuName(gpu.name) });
}
