// Queries about the pools that this computer knows, and the connection test of one of them.
import type { JoinStep } from '../../shared/api/app-api';
import type { RememberedPoolView } from '../../shared/api/remembered-pools';
import { useApp } from '../store/Screen';
import { type Answer, useAnswer } from './use-answer';
import type { PoolChange } from './pool-change';

const REFRESH_EVERY_MS = 5000;

/** Null: not known yet, or this program cannot join a pool. */
export function useRememberedPools(isEnabled = true): readonly RememberedPoolView[] | null {
  const canJoin = useApp(({ app }) => app.can_join);
  const { value } = useAnswer('pools.list', {}, { isEnabled: canJoin && isEnabled, everyMs: () => REFRESH_EVERY_MS });
  return value?.pools ?? null;
}

/** Sent when the question is shown. The start of the own pool needs no test. */
export function useConnectionTest(change: PoolChange): Answer<{ steps: JoinStep[] }> {
  const address = change.kind === 'join' ? change.address : { address: '-' };
  const joining = useAnswer('join.test', address, { isEnabled: change.kind === 'join', isPrivate: true });
  const poolId = change.kind === 'switch' ? change.poolId : 'own';
  const switching = useAnswer('pools.test', { pool_id: poolId }, { isEnabled: change.kind !== 'join', isPrivate: true });
  return change.kind === 'join' ? joining : switching;
}
