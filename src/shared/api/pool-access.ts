// What a dashboard may do with the pool that it shows: as the host, or as a member with the rights of its roles (ADR 0030).
import { z } from 'zod';

/** The rights of the permission table (docs/security.md). */
export const POOL_RIGHTS = [
  'read_pool',
  'read_session',
  'read_nodes',
  'read_models',
  'explain',
  'submit_jobs',
  'read_jobs',
  'follow_jobs',
  'cancel_jobs',
  'make_keys',
  'be_a_node',
  'read_metrics',
  'view',
  'read_contents',
  'operate',
  'manage',
] as const;
export type PoolRight = (typeof POOL_RIGHTS)[number];

export const poolAccessSchema = z.object({
  /** `host`: the scheduler runs beside this program. `member`: this computer has joined the pool. */
  access: z.enum(['host', 'member']),
  /** What the caller may do, in full or in part. Operations without their right fail with `FORBIDDEN`. */
  rights: z.array(z.enum(POOL_RIGHTS)).max(POOL_RIGHTS.length),
  /** The name of the pool. Null: an older scheduler does not report it. */
  name: z.string().nullable(),
  /** When the connection to the scheduler was lost, Unix ms: the state is that old. Null: connected. */
  lost_since: z.number().nullable(),
});
export type PoolAccess = Readonly<z.infer<typeof poolAccessSchema>>;

export const HOST_ACCESS: PoolAccess = { access: 'host', rights: [...POOL_RIGHTS], name: null, lost_since: null };

/** The rights in the answer of a scheduler. Rights of later versions are left out. */
export const knownRights = (names: readonly string[]): PoolRight[] => POOL_RIGHTS.filter((right) => names.includes(right));

export const may = (access: Pick<PoolAccess, 'rights'> | null, right: PoolRight): boolean => access?.rights.includes(right) === true;
