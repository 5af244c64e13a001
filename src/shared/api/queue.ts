// The place of a job in the queue, for programs: `GET /v1/queue`. The view of a job has the same in full, as `waiting`.
import { z } from 'zod';
import { reasonCountSchema } from './dispatch';
import { JOB_STATUSES, rowWaitingSchema, waitingViewSchema } from './job';

const MAX_HELP = 32;

export const queueQuerySchema = z.object({
  /** The id of the job: the header `X-Muster-Job` of its answer, or the answer of `POST /api/v1/jobs`. */
  job: z.string().min(1).max(128),
});

export const queueHelpSchema = z.object({
  /** The reason that excludes nodes; or `storage_full`, `held_for_node`, `node_waking`, `no_nodes`. */
  code: z.string(),
  /** The reason, and what would help, in the language of the client. */
  message: z.string(),
  /** The number of nodes with this reason, and up to five of them. */
  nodes: reasonCountSchema,
  /** Of the first of these nodes: what the filter wanted, and what it found, such as the limit and the load. */
  example: z.object({ node_id: z.string(), wanted: z.unknown(), found: z.unknown() }).optional(),
});

export const queuePlaceSchema = z.object({
  object: z.literal('queue.place'),
  job: z.string(),
  status: z.enum(JOB_STATUSES),
  model: z.string(),
  /** 1: the job starts next. Counted over the waiting jobs that may take the same nodes. Null: the job does not wait. */
  place: z.number().int().min(1).nullable(),
  wait_seconds: waitingViewSchema.shape.wait_seconds,
  /** The time of the retry after a failed attempt. Null: the job does not wait for one. */
  not_before: rowWaitingSchema.shape.not_before,
  help: z.array(queueHelpSchema).max(MAX_HELP),
});

export type QueueHelp = z.infer<typeof queueHelpSchema>;
export type QueuePlace = z.infer<typeof queuePlaceSchema>;
