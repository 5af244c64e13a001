// The address of the scheduler in the hero of this computer, with the name of the pool of another computer.
import { isOnThisComputer } from '../../../shared/api/own-host';
import { useLabels } from '../../i18n/use-labels';
import { addressOf } from '../../labels/link-labels';
import { usePoolName } from '../../components/own/use-pool-name';

/** `Atelier (192.168.1.20:7080)` */
export function usePoolAddress(schedulerUrl: string): string {
  const { t } = useLabels();
  const name = usePoolName();
  const address = addressOf(schedulerUrl);
  if (name === null || name === address || isOnThisComputer(schedulerUrl)) return address;
  return `${name}${t('punctuation.in_brackets', { text: address })}`;
}
