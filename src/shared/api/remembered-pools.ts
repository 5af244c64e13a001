// The pools that this computer knows: its own, and those that it joined. It belongs to one of them at a time (ADR 0030).
import { z } from 'zod';

export const MAX_REMEMBERED_POOLS = 16;

/** `own`, or an id that this computer made for the pool. */
export const rememberedPoolIdSchema = z.string().regex(/^(?:own|[0-9a-f]{16})$/);

export const rememberedPoolSchema = z.object({
  pool_id: rememberedPoolIdSchema,
  kind: z.enum(['own', 'joined']),
  /** Null: not known yet. */
  name: z.string().nullable(),
  /** `HOST:PORT`. Null: of the own pool. */
  address: z.string().nullable(),
  /** The pin of the CA of the pool. Null: the pool has none, or is the own one. */
  pin: z.string().nullable(),
  /** This computer belongs to the pool. */
  is_current: z.boolean(),
  /** When this computer last came to the pool, Unix ms. Null: never. */
  last_used_at: z.number().nullable(),
});

/** The current pool first, then in the order of their last use. */
export const rememberedPoolsSchema = z.object({ pools: z.array(rememberedPoolSchema).max(MAX_REMEMBERED_POOLS + 1) });

export type RememberedPoolView = z.infer<typeof rememberedPoolSchema>;
