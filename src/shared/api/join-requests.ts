// Requests of computers to join the pool by digits, as the HTTP API shows them (docs/api.md). Name and GPUs are claims of the newcomer.
import { z } from 'zod';
import { MAX_DETAILS, MAX_LIST } from '../protocol/bounded';

export const joinRequestIdSchema = z.string().regex(/^[0-9a-z]{1,32}$/);

export const joinRequestViewSchema = z.object({
  id: joinRequestIdSchema,
  name: z.string(),
  gpus: z.array(z.object({ name: z.string(), memory_gb: z.number().nullable() })).max(MAX_DETAILS),
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

export const joinRequestListSchema = z.object({ join_requests: z.array(joinRequestViewSchema).max(MAX_LIST) });

export type JoinRequestView = z.infer<typeof joinRequestViewSchema>;
