// The addresses of all schedulers of a pool, as `node_register_ack` has them (protocol §3). An address has one form, so that two can be
// compared.
import { z } from 'zod';

export const MAX_POOL_ADDRESSES = 16;
/** A host name has at most 253 characters. */
const MAX_POOL_ADDRESS_LENGTH = 300;
const MAX_PORT = 65_535;

/** Hosts in lower case. An IPv6 address with a zone is valid on one computer only, so it is none. */
const POOL_ADDRESS = /^wss?:\/\/(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]{2,45}\]):([1-9][0-9]{0,4})$/;

/** `wss://HOST:PORT` or `ws://HOST:PORT`. */
export function isPoolAddress(text: string): boolean {
  const port = text.length > MAX_POOL_ADDRESS_LENGTH ? undefined : POOL_ADDRESS.exec(text)?.[1];
  return port !== undefined && Number(port) <= MAX_PORT;
}

export const poolAddressSchema = z
  .string()
  .max(MAX_POOL_ADDRESS_LENGTH)
  .refine(isPoolAddress, { error: 'expected an address such as wss://192.168.1.20:7080' });
