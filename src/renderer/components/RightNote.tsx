// In place of an action that the role of this computer in the pool does not permit: who may do it.
import { may, type PoolRight } from '../../shared/api/pool-access';
import { useLabels } from '../i18n/use-labels';
import { useApp } from '../store/Screen';
import { Dim } from './Dim';

/** Whether the pool permits the action. Without a pool there is nothing to permit. */
export const useMay = (right: PoolRight): boolean => useApp(({ pool }) => may(pool, right));

export function RightNote({ k }: { readonly k: 'operate' | 'limited' | 'jobs' }) {
  const { t } = useLabels();
  return <Dim as="p">{t(`rights.${k}`)}</Dim>;
}
