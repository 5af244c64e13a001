// Joining a pool of this network by six digits, as the app shows it: the pools that were found, and the attempt at one of them (ADR 0022).
import { z } from 'zod';

const MAX_NEARBY = 100;

export const nearbyPoolIdSchema = z.string().regex(/^[0-9a-f]{1,32}$/);

/** A pool that announces itself. The name is a claim. The id is part of the pin of its CA, and is checked before anything is sent. */
export const nearbyPoolSchema = z.object({
  id: nearbyPoolIdSchema,
  name: z.string(),
  /** The first of its addresses, without brackets. */
  address: z.string(),
  port: z.number().int(),
  /** Claims, too: the GPUs of its connected nodes, and its ready models. Absent: not announced, as by an older host. */
  gpus: z.number().int().min(0).optional(),
  models: z.number().int().min(0).optional(),
});

/** `connecting`: no digits yet. `comparing`: this person compares. `waiting_for_host`: this person confirmed, the host not yet. */
export const NEARBY_STAGES = ['connecting', 'comparing', 'waiting_for_host', 'joined', 'ended'] as const;

/**
 * Why an attempt ended. `different`: this person saw other digits. `denied`: the host denied it. `busy`: the host takes no request now.
 * `expired`: no confirmation within the time. `closed`: the connection was lost. `broken`: the host broke the protocol. `failed`: no
 * connection. `no_ca`: the pool has no CA of its own. `not_the_pool`: another program answers there. `cancelled`: this person ended it.
 */
export const NEARBY_OUTCOMES = [
  'different',
  'denied',
  'busy',
  'expired',
  'closed',
  'broken',
  'failed',
  'no_ca',
  'not_the_pool',
  'cancelled',
] as const;

export const nearbyAttemptSchema = z.object({
  pool_id: nearbyPoolIdSchema,
  /** As announced; after joining, as the pool calls itself. */
  pool_name: z.string(),
  /** The address that is tried. */
  address: z.string(),
  stage: z.enum(NEARBY_STAGES),
  /** The six digits that the host must show, too. Null: not known yet, or the attempt has ended. */
  digits: z
    .string()
    .regex(/^\d{6}$/)
    .nullable(),
  /** When the attempt ends without both confirmations, Unix ms. Null: the attempt has ended. */
  expires_at: z.number().nullable(),
  /** Null unless the stage is `ended`. */
  outcome: z.enum(NEARBY_OUTCOMES).nullable(),
  /** Of `failed`: the code of the system or of OpenSSL, such as `ECONNREFUSED`. */
  cause: z.string().nullable(),
  /** Of `busy`. */
  retry_after_seconds: z.number().int().nullable(),
});

export const nearbyViewSchema = z.object({
  is_browsing: z.boolean(),
  /** Empty unless the program searches. */
  pools: z.array(nearbyPoolSchema).max(MAX_NEARBY),
  /** The last attempt. Null: none since the program started. */
  attempt: nearbyAttemptSchema.nullable(),
});

export type NearbyPoolView = z.infer<typeof nearbyPoolSchema>;
export type NearbyAttempt = z.infer<typeof nearbyAttemptSchema>;
export type NearbyOutcome = (typeof NEARBY_OUTCOMES)[number];
export type NearbyView = z.infer<typeof nearbyViewSchema>;
