// The pools nearby without the pool that this computer hosts: a shared pool hears its own announcement.
import type { NearbyPoolView } from '../../../shared/api/nearby';

const PREFIX = 'sha256-';
const ID_BYTES = 8;

/** The announced id of a pool: the first bytes of its pin as hex (ADR 0022). */
export function poolIdOfPin(pin: string): string {
  const base64 = pin.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
  return Array.from(atob(base64).slice(0, ID_BYTES), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/** `ownPin` null: this computer shares no pool. */
export function otherPools(pools: readonly NearbyPoolView[], ownPin: string | null): readonly NearbyPoolView[] {
  const ownId = ownPin === null ? null : poolIdOfPin(ownPin);
  return pools.filter(({ id }) => id !== ownId);
}
