// Waking a sleeping node, as API and dashboard show it (ADR 0033).
import { z } from 'zod';
import { nodeIdSchema } from '../protocol/node-messages';

const timeMs = z.number();
const seconds = z.number().min(0);

/** Of a node whose owner lets the scheduler wake it. */
export const nodeWakeSchema = z.object({
  /** When the scheduler sent the packet that should wake the node. Null: the node is not being woken. */
  waking_since: timeMs.nullable(),
  /** How long the node took to be ready after earlier packets. Null: not known. */
  ready_after_seconds: seconds.nullable(),
});
export type NodeWakeView = z.infer<typeof nodeWakeSchema>;

/** The sleeping node that is woken for a job. `since` null: the packet is not sent yet. */
export const jobWakeSchema = z.object({ node_id: nodeIdSchema, since: timeMs.nullable(), seconds: seconds.nullable() });
export type JobWake = z.infer<typeof jobWakeSchema>;
