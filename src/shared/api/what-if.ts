// A dry run with a changed pool, and the nodes that a job cannot use by their first reason. Parts of the explanation of a dispatch.
import { z } from 'zod';
import { atMost, MAX_DETAILS, recordOf } from '../protocol/bounded';
import { nodeIdSchema } from '../protocol/node-messages';
import { AVAILABILITY_STATES, EXCLUSION_REASONS } from '../protocol/status';
import { predictionSchema } from './prediction';

const count = z.number().int().min(0);
const percent = z.number().min(0).max(100).optional();

/** Each is judged alone, as if nothing else changed. */
export const MAX_CHANGES = 4;

export const changeSchema = z.discriminatedUnion('kind', [
  /** Every node has these limits of the load. 100: no limit. */
  z.strictObject({ kind: z.literal('limits'), cpu_percent: percent, gpu_percent: percent, mem_percent: percent }),
  z.strictObject({ kind: z.literal('drained'), node_id: nodeIdSchema }),
  /** Its drain, its owner's pause and its quarantine have ended. */
  z.strictObject({ kind: z.literal('resumed'), node_id: nodeIdSchema }),
  /** The model of the job is installed and ready on the node. */
  z.strictObject({ kind: z.literal('installed'), node_id: nodeIdSchema }),
  /** The model of the job is in the memory of the node. */
  z.strictObject({ kind: z.literal('loaded'), node_id: nodeIdSchema }),
]);

export const changeOutcomeSchema = z.object({
  /** The node that would get the job. Null: none. */
  chosen: nodeIdSchema.nullable(),
  /** The number of nodes that could take the job. */
  able: count,
  prediction: predictionSchema.optional(),
});

/** The lowest and the highest limit among the nodes, percent. */
const rangeSchema = z.object({ lowest: z.number(), highest: z.number() });

/** Of `resource_threshold_exceeded`: the nodes above each limit. A node may be above several. */
const overSchema = z.object({ count, limits: rangeSchema });

/** Nodes with the same first reason, and the numbers of it. */
export const reasonGroupSchema = z.object({
  code: z.enum(EXCLUSION_REASONS),
  count,
  examples: z.array(nodeIdSchema).max(5),
  /** The nodes by their availability. */
  states: atMost(AVAILABILITY_STATES.length, z.partialRecord(z.enum(AVAILABILITY_STATES), count)),
  /** Of `model_not_available`: the nodes by the state of the model. */
  model_states: recordOf(z.string(), count, MAX_DETAILS).optional(),
  /** Of `model_not_available`: nodes whose GPUs have the memory for the model. Absent: its size is not known. */
  fits: count.optional(),
  /** GPU memory that the job needs, GB. */
  needed_gb: z.number().optional(),
  /** The largest GPU memory among these nodes; of `vram_insufficient` the largest that is free, GB. */
  largest_gb: z.number().optional(),
  over: z.object({ cpu: overSchema.optional(), gpu: overSchema.optional(), memory: overSchema.optional() }).optional(),
  /** When the first of these nodes should have a free slot. */
  slot_seconds: z.number().optional(),
});

export type Change = z.infer<typeof changeSchema>;
export type ChangeOutcome = z.infer<typeof changeOutcomeSchema>;
export type ReasonGroup = z.infer<typeof reasonGroupSchema>;
