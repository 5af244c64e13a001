// A pool that this computer joined, as a choice: where it is, how it is recognised, and how it is tested.
import { createHash } from 'node:crypto';
import type { PoolAddress } from '../../shared/api/app-api';
import { hostAndPort, parsePoolAddress, pinnedUrlOf, type PoolTarget, webSocketUrlOf } from '../../shared/api/join-link';
import { toClaim } from '../joining/core/join-messages';
import { poolUrlOf } from '../joining/core/joined-pool';
import { poolIdOf } from '../joining/pool-id';
import type { AppChoice, JoinedChoice } from './app-choice';

interface Place {
  readonly host: string;
  readonly port: number;
  readonly pin: string | null;
}

/** Where the pool was reached last. An address that cannot be parsed is kept as it is. */
export function placeOf(choice: JoinedChoice): Place {
  if (choice.mode === 'joined_pool') return { host: choice.pool.addresses[0] ?? '', port: choice.pool.port, pin: choice.pool.pin };
  const target = parsePoolAddress(choice.address);
  return target.ok ? target.value : { host: choice.address, port: 0, pin: null };
}

/** Equal for all addresses of a pool that is known by its pin. */
export function rememberedIdOf(choice: JoinedChoice): string {
  const { host, port, pin } = placeOf(choice);
  if (pin !== null) return poolIdOf(pin);
  return createHash('sha256')
    .update(`${host}:${String(port)}`)
    .digest('hex')
    .slice(0, 16);
}

/** The pool of an invitation is known by its pin, so it can be followed. The agent replaces the key by its own credential. */
export function choiceOfTarget(target: PoolTarget, key: string | null): JoinedChoice {
  const { host, port, pin } = target;
  if (pin === null || key === null) return { mode: 'joined', address: pinnedUrlOf(target), joinToken: key };
  const name = toClaim(hostAndPort({ host, port })) ?? pin;
  return {
    mode: 'joined_pool',
    pool: { version: 1, name, pin, port, addresses: [host], credential: key, roles: ['node'] },
  };
}

/** `ws://` or `wss://` URL, and the pin of the CA of the pool. */
export function urlAndPinOf(choice: JoinedChoice): readonly [url: string, pin: string | null] {
  const { host, port, pin } = placeOf(choice);
  if (choice.mode === 'joined_pool') return [poolUrlOf(host, port), pin];
  const target = parsePoolAddress(choice.address);
  return [target.ok ? webSocketUrlOf(target.value) : choice.address, pin];
}

/** For the connection test. `credential`: the present one of this computer; null: it has none yet. */
export function addressOf(choice: JoinedChoice, credential: string | null): PoolAddress {
  const [url, pin] = urlAndPinOf(choice);
  const token = credential ?? (choice.mode === 'joined' ? choice.joinToken : choice.pool.credential);
  return { address: pin === null ? url : `${url}#pin=${pin}`, ...(token === null ? {} : { token }) };
}

/**
 * Whether the configured other schedulers may be used for this pool. Without a pin only for the configured pool, `first`: the key of
 * another pool must not go to them.
 */
export const mayUseOthers = ({ address }: Extract<JoinedChoice, { mode: 'joined' }>, pin: string | null, first: AppChoice): boolean =>
  pin !== null || (first.mode === 'joined' && first.address === address);
