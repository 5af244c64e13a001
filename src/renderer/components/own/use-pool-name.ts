// The name of the pool that this computer is in. While the pool does not say it, such as before the connection or to a node without the right
// to see the pool, it is the name that this computer has remembered.
import { isInOtherPool } from '../../../shared/api/own-host';
import { poolNameOf } from '../../labels/pool-name';
import { useApp } from '../../store/Screen';
import { useRememberedPools } from '../../queries/pools';

/** Null: no pool. */
export function usePoolName(): string | null {
  const name = useApp(poolNameOf);
  const isUnnamed = useApp((app) => (app.pool?.name ?? null) === null && isInOtherPool(app));
  const pools = useRememberedPools(isUnnamed);
  const current = isUnnamed ? pools?.find(({ kind, is_current: isCurrent }) => kind === 'joined' && isCurrent) : undefined;
  return current?.name ?? name;
}
