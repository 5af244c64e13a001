// The pool that this computer joined, as `joined-pool.json` keeps it: its pin, the addresses that were used or offered, and
// the credential of this computer.
import { z } from 'zod';
import { ROLES } from '../../../shared/api/members';
import type { Approval } from './join-messages';

const MAX_KNOWN_ADDRESSES = 16;

export const joinedPoolSchema = z.object({
  version: z.literal(1),
  name: z.string().max(64),
  pin: z.string().regex(/^sha256-[\w-]{43}$/),
  port: z.number().int().min(1).max(65_535),
  /** Hosts without brackets; the one that worked last is the first. */
  addresses: z.array(z.string().max(255)).min(1).max(MAX_KNOWN_ADDRESSES),
  credential: z.string().min(1).max(256),
  /** The roles of this computer in the pool. Absent: a node. */
  roles: z.array(z.enum(ROLES)).max(ROLES.length).default(['node']),
});

export type JoinedPool = z.infer<typeof joinedPoolSchema>;

/** `wss://HOST:PORT`. */
export const poolUrlOf = (host: string, port: number): string => `wss://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;

/** The pool after it was reached at this address. */
export function withAddress(pool: JoinedPool, host: string, port: number): JoinedPool {
  const addresses = [host, ...pool.addresses.filter((address) => address !== host)].slice(0, MAX_KNOWN_ADDRESSES);
  return { ...pool, addresses, port };
}

/** The pool after both people confirmed. `host`: the address that answered. An address with a zone is known to this computer only. */
export function joinedPoolOf({ pin, approval, host, port }: JoinedAt): JoinedPool {
  const addresses = [host, ...approval.addresses.filter((address) => address !== host)];
  const usable = addresses.filter((address) => !address.includes('%'));
  return {
    version: 1,
    name: approval.pool_name,
    pin,
    port,
    addresses: usable.length === 0 ? addresses : usable,
    credential: approval.credential,
    roles: approval.roles,
  };
}

interface JoinedAt {
  readonly pin: string;
  readonly approval: Approval;
  readonly host: string;
  readonly port: number;
}
