// Requests of computers to join the pool by digits, as the HTTP API shows them (docs/api.md). Name and GPUs are claims of the newcomer.
import { z } from 'zod';

/** Of one newcomer. */
export const MAX_CLAIMED_GPUS = 8;

/** At most 3 wait for a decision. The others are connections that have not shown digits. */
export const MAX_JOIN_REQUESTS = 16;

export const joinRequestIdSchema = z.string().regex(/^[0-9a-z]{1,32}$/);

/** A computer that joins by digits is a node. As a client it may send jobs, too. */
export const newcomerRolesSchema = z
  .array(z.enum(['node', 'client']))
  .min(1)
  .max(2)
  .refine((roles) => roles.includes('node'), { error: 'must include node' })
  .refine((roles) => new Set(roles).size === roles.length, { error: 'must name each role once' });
export type NewcomerRoles = z.infer<typeof newcomerRolesSchema>;

/** A program that gives no roles knows only nodes. */
export const approveJoinBodySchema = z.strictObject({ roles: newcomerRolesSchema.default(['node']) });

export const joinRequestViewSchema = z.object({
  id: joinRequestIdSchema,
  name: z.string(),
  gpus: z.array(z.object({ name: z.string(), memory_gb: z.number().nullable() })).max(MAX_CLAIMED_GPUS),
  /** Those that the newcomer asks for; after the approval, those that it gets. Absent: a scheduler that knows only nodes. */
  roles: newcomerRolesSchema.default(['node']),
  /** The address that the request came from. */
  address: z.string(),
  /** The six digits that the newcomer must show, too. */
  digits: z.string().regex(/^\d{6}$/),
  /** The name of a known node that looks the same; null: no node has such a name. */
  looks_like: z.string().nullable(),
  /** The owner of the pool approved the request. */
  approved: z.boolean(),
  /** The person at the newcomer confirmed the digits. */
  confirmed: z.boolean(),
  /** Unix time in ms. */
  requested_at: z.number(),
  expires_at: z.number(),
});

/** The oldest first. */
export const joinRequestsSchema = z.array(joinRequestViewSchema).max(MAX_JOIN_REQUESTS);
export const joinRequestListSchema = z.object({ join_requests: joinRequestsSchema });

export type JoinRequestView = z.infer<typeof joinRequestViewSchema>;
