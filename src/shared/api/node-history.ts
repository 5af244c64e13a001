// One node over time (api §1): the answer of `GET /api/v1/nodes/{node_id}/history`.
import { z } from 'zod';
import { PAUSE_CODES } from '../protocol/pauses';
import { AVAILABILITY_STATES } from '../protocol/status';
import { LOSS_CAUSES } from './pool-history';

const timeMs = z.number();
const amount = z.number().min(0);
const percent = z.number().min(0).max(100);

/** The length of a range and the distance of its points, seconds. */
export const NODE_RANGES = {
  '1h': { seconds: 3600, stepSeconds: 60 },
  '24h': { seconds: 24 * 3600, stepSeconds: 600 },
} as const;
export type NodeRange = keyof typeof NODE_RANGES;
export const NODE_RANGE_NAMES = ['1h', '24h'] as const satisfies readonly NodeRange[];

export const nodeHistoryQuerySchema = z.strictObject({ range: z.enum(NODE_RANGE_NAMES).default('1h') });

/** Of each node, the last events are kept. */
export const MAX_NODE_EVENTS = 48;
/** A longer note of an operator or owner is cut. */
export const MAX_EVENT_NOTE = 120;

const by = z.enum(['operator', 'owner']);
const note = z.string().max(MAX_EVENT_NOTE).nullable();

/** Why the state began. `status`: the reason of the status. `connection`: the connection began or ended. */
export const eventCauseSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), reason_code: z.string().max(64) }),
  z.object({ type: z.literal('connection') }),
  z.object({ type: z.literal('pause'), code: z.enum(PAUSE_CODES), until: timeMs.nullable(), note }),
  z.object({ type: z.literal('drain'), by, note }),
  z.object({ type: z.literal('quarantine'), note }),
]);

/** `state`: `available` also stands for `full` and `busy`, which change with each job; the points have them. */
export const nodeEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), at: timeMs, state: z.enum(AVAILABILITY_STATES), cause: eventCauseSchema }),
  z.object({ kind: z.literal('jobs_lost'), at: timeMs, cause: z.enum(LOSS_CAUSES), jobs: z.number().int().min(1) }),
]);

const MAX_POINTS = 150;
const column = <Value extends z.ZodType>(value: Value) => z.array(value).max(MAX_POINTS);

/**
 * Columns of equal length. Figures are means of their period, and null where the node reported none. `state`: the one of most of the
 * period. Where a point is missing, the scheduler did not run or did not know the node.
 */
export const nodeHistorySchema = z.object({
  range: z.enum(NODE_RANGE_NAMES),
  step_seconds: z.number().int().positive(),
  from: timeMs,
  until: timeMs,
  /** The beginnings of the periods. */
  at: column(timeMs),
  state: column(z.enum(AVAILABILITY_STATES)),
  gpu_pool_percent: column(percent.nullable()),
  gpu_owner_percent: column(percent.nullable()),
  vram_pool_gb: column(amount.nullable()),
  vram_owner_gb: column(amount.nullable()),
  /** Of the last 24 hours in every range, oldest first. */
  events: z.array(nodeEventSchema).max(MAX_NODE_EVENTS),
});

export type NodeEvent = z.infer<typeof nodeEventSchema>;
export type EventCause = z.infer<typeof eventCauseSchema>;
export type NodeHistory = z.infer<typeof nodeHistorySchema>;
