// The pool for members that may not see the pages of the dashboard (docs/api.md): names and availability of the nodes, and the jobs of the
// caller's own node without contents.
import { z } from 'zod';
import { MAX_LIST } from '../protocol/bounded';
import { nodeIdSchema } from '../protocol/node-messages';
import { AVAILABILITY_STATES } from '../protocol/status';
import { jobListQuerySchema, jobSummarySchema, openJobCountsSchema } from './job';

const count = z.number().int().min(0);

/** Without numbers of the load: they belong to the owner of the node. */
export const poolNodeSchema = z.object({
  name: z.string(),
  availability: z.enum(AVAILABILITY_STATES),
  /** Why no job goes to the node, such as `resource_threshold_exceeded`; for an available node the reason of its status. */
  reason_code: z.string(),
  since: z.number(),
  /** The node of the caller. */
  own: z.boolean(),
});

export const poolViewSchema = z.object({
  name: z.string(),
  counts: z.object({ nodes: count, ready: count, available: count }),
  open_jobs: openJobCountsSchema,
  nodes: z.array(poolNodeSchema).max(MAX_LIST),
  /** The next page of the nodes. */
  next_cursor: z.string().nullable(),
});

export const nodeJobSchema = jobSummarySchema.pick({
  job_id: true,
  status: true,
  task: true,
  created_at: true,
  started_at: true,
  finished_at: true,
});

export const nodeJobsQuerySchema = jobListQuerySchema.pick({ limit: true, cursor: true });
export const nodeJobsSchema = z.object({
  /** The node of the caller. Null: it has none. */
  node_id: nodeIdSchema.nullable(),
  jobs: z.array(nodeJobSchema).max(MAX_LIST),
  next_cursor: z.string().nullable(),
});

export type PoolNode = z.infer<typeof poolNodeSchema>;
export type NodeJob = z.infer<typeof nodeJobSchema>;
