// A pool that this computer knows: its name on screens, and the change that makes it the current one.
import type { RememberedPoolView } from '../../../shared/api/remembered-pools';
import { useLabels } from '../../i18n/use-labels';
import type { PoolChange } from '../../queries/pool-change';

/** The name on screens. Beside it is the address, so that pools with equal names differ. */
export function usePoolTitle(): (pool: RememberedPoolView) => string {
  const { t } = useLabels();
  return (pool) => (pool.kind === 'own' ? t('pools.own') : (pool.name ?? pool.address ?? pool.pool_id));
}

/** `switch` for a pool that was joined; the own pool is started. */
export function changeTo(pool: RememberedPoolView, name: string): PoolChange {
  return pool.kind === 'own' ? { kind: 'own', name, scope: null } : { kind: 'switch', name, poolId: pool.pool_id };
}
