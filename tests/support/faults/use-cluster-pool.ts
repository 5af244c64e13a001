// A cluster for each test of a file. All of its processes end with the test.
import { afterEach } from 'vitest';
import { ClusterPool, type ClusterPoolOptions } from './cluster-pool';

export function useClusterPools(): (options?: ClusterPoolOptions) => Promise<ClusterPool> {
  const pools: ClusterPool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });
  return (options) => ClusterPool.open((pool) => pools.push(pool), options);
}
