// The record on a channel about limits that clients of a replica have reached.
import { z } from 'zod';
import { MAX_DETAILS, recordOf } from '../../../../shared/protocol/bounded';

/** To the leader: how often since the last record, by limit. A newer version may have limits that the leader does not know and does not count. */
export const LIMITS_REACHED = 'limits.reached';
export const limitsReachedSchema = z.object({ limits: recordOf(z.string(), z.number().int().positive(), MAX_DETAILS) });
