// The addresses of all schedulers of a pool, as `node_register_ack` has them (protocol §3). One form of each address, so that two can be
// compared.
import { z } from 'zod';
import { parsePoolAddress, webSocketUrlOf } from '../api/join-link';

export const MAX_POOL_ADDRESSES = 16;
/** A host name has at most 253 characters. */
const MAX_POOL_ADDRESS_LENGTH = 300;

/** `wss://HOST:PORT` or `ws://HOST:PORT`, in lower case. An IPv6 address with a zone is valid on one computer only, so it is refused. */
export function isPoolAddress(text: string): boolean {
  if (text.length > MAX_POOL_ADDRESS_LENGTH || text.includes('%')) return false;
  const target = parsePoolAddress(text);
  return target.ok && webSocketUrlOf(target.value) === text;
}

export const poolAddressSchema = z
  .string()
  .max(MAX_POOL_ADDRESS_LENGTH)
  .refine(isPoolAddress, { error: 'expected an address such as wss://192.168.1.20:7080' });
