// The record on a channel about limits that clients of a replica have reached.
import { z } from 'zod';

/** To the leader: how often since the last record, by limit. A newer version may have limits that this one does not know. */
export const LIMITS_REACHED = 'limits.reached';
export const limitsReachedSchema = z.object({ limits: z.record(z.string().regex(/^[a-z_]{1,64}$/), z.number().int().positive()) });
