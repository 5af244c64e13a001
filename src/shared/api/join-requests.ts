// Requests of computers to join the pool by digits, as the HTTP API shows them (docs/api.md). Name and GPUs are claims of the newcomer.
import { z } from 'zod';

const MAX_GPUS = 8;
/** At most 3 wait for a decision. The others are connections that have not shown digits. */
export const MAX_JOIN_REQUESTS = 16;

export const joinRequestIdSchema = z.string().regex(/^[0-9a-z]{1,32}$/);

export const joinRequestViewSchema = z.object({
  id: joinRequestIdSchema,
  name: z.string(),
  gpus: z.array(z.object({ name: z.string(), memory_gb: z.number().nullable() })).max(MAX_GPUS),
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
