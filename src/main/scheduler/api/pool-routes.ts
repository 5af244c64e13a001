// The pool for members that may not see the pages of the dashboard, such as a node.
import { nodesQuerySchema, type NodeView } from '../../../shared/api/node-view';
import { nodeJobsQuerySchema, nodeJobsSchema, type PoolNode, poolViewSchema } from '../../../shared/api/pool-view';
import { availabilityOf } from '../../../shared/api/availability';
import type { JobsPort } from '../jobs/jobs-port';
import type { Members } from '../members/members';
import type { Pool } from '../pool/pool';
import { nodeJobOf } from './job-access';
import { json, route, type Route } from './route';

export interface PoolRouteOptions {
  readonly poolName: string;
  readonly nodePool: Pick<Pool, 'views'>;
  readonly jobs: Pick<JobsPort, 'list'>;
  readonly members: Pick<Members, 'nodeOf'>;
}

export const poolRoutes = ({ poolName, nodePool: { views }, jobs, members }: PoolRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/pool',
    access: 'read_pool',
    summary: 'The name of the pool, its counts, and the names and availability of its nodes, page by page.',
    query: nodesQuerySchema,
    answers: { schema: { name: 'Pool', schema: poolViewSchema } },
    async handle({ query: { limit, cursor }, caller }) {
      const page = await views.page(limit, cursor ?? null);
      const own = members.nodeOf(caller.principal);
      const statuses = views.countByStatus();
      const nodes = Object.values(statuses).reduce((sum, number) => sum + number, 0);
      return json({
        name: poolName,
        counts: { nodes, ready: statuses.ready, available: views.countByAvailability().available },
        open_jobs: views.summary().open_jobs ?? { queued: 0, assigned: 0, running: 0 },
        nodes: page.nodes.map((node) => poolNodeOf(node, own)),
        next_cursor: page.next_cursor,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/pool/jobs',
    access: 'read_pool',
    summary: "The jobs that ran on the caller's node, newest first, without contents. A page may have fewer jobs than `limit`.",
    query: nodeJobsQuerySchema,
    answers: { schema: { name: 'NodeJobs', schema: nodeJobsSchema } },
    async handle({ query: { limit, cursor }, caller }) {
      const nodeId = members.nodeOf(caller.principal);
      if (nodeId === null) return json({ node_id: null, jobs: [], next_cursor: null });
      const list = await jobs.list({ limit, cursor: cursor ?? null, nodeId });
      return json({ node_id: nodeId, jobs: list.jobs.map(nodeJobOf), next_cursor: list.next_cursor });
    },
  }),
];

function poolNodeOf(node: NodeView, own: string | null): PoolNode {
  const { state, reasons, since } = availabilityOf(node);
  return { name: node.name, availability: state, reason_code: reasons[0]?.code ?? node.reason_code, since, own: node.node_id === own };
}
