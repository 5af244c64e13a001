import type { JoinStep, PoolAddress } from '../../shared/api/app-api';
import type { HostView } from '../../shared/api/app-state';

/** How the tested pool calls itself. Null: it does not say so. */
export function testedNameOf(steps: readonly JoinStep[] | null): string | null {
  const name = steps?.find(({ step }) => step === 'token')?.details['pool_name'];
  return typeof name === 'string' ? name : null;
}

/** A change to another pool, about which the user is asked. */
export type PoolChange =
  | { readonly kind: 'join'; readonly name: string; readonly address: PoolAddress }
  | { readonly kind: 'switch'; readonly name: string; readonly poolId: string }
  /** Starts the pool of this computer. `scope` null: with its last settings. */
  | { readonly kind: 'own'; readonly name: string; readonly scope: HostView['scope'] | null };
