// The rows of the history. A row that this version cannot read is dropped: the history informs, and no start may fail for it.
import { z } from 'zod';
import { MAX_MARKS, poolMarkSchema } from '../../../shared/api/pool-history';
import { MAX_MISSING_MODELS } from '../../../shared/api/missing-models';
import { modelIdSchema } from '../../../shared/protocol/node-messages';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import { MAX_DETAILS, recordOf } from '../../../shared/protocol/bounded';

const amount = z.number().min(0);

/** A state that a later version added is absent in an older row. */
const nodesSchema = z.object(
  Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, amount.default(0)])) as Record<
    AvailabilityState,
    z.ZodDefault<z.ZodNumber>
  >,
);

export const periodSchema = z.object({
  atWallMs: z.number(),
  countedMs: amount,
  nodes: nodesSchema,
  gpus: amount,
  offeredGpus: amount,
  vramGb: amount,
  poolVramGb: amount.nullable(),
  ownersVramGb: amount.nullable(),
  poolGpuPercent: amount.nullable(),
  ownersGpuPercent: amount.nullable(),
  slots: amount,
  usedSlots: amount,
  runningJobs: amount,
  waitingJobs: amount,
  oldestWaitMs: amount.nullable(),
  endedJobs: amount,
  outputTokens: amount,
  firstTokens: recordOf(z.string().regex(/^\d{1,3}$/), amount, MAX_DETAILS),
});

export const marksSchema = z.array(poolMarkSchema).max(MAX_MARKS);

export const missingSchema = z.object({
  sinceWallMs: z.number(),
  models: z
    .array(
      z.object({
        modelId: modelIdSchema,
        firstWallMs: z.number(),
        lastWallMs: z.number(),
        byHour: z.array(z.tuple([z.number().int(), z.number().int().min(1)])).max(MAX_DETAILS),
      }),
    )
    .max(MAX_MISSING_MODELS),
});

/** When the last scheduler was stopped in order. */
export const stopSchema = z.object({ atWallMs: z.number() });
