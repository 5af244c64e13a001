// Routes of the cluster: whether this scheduler takes traffic, its members, and the end of its leadership.
import { z } from 'zod';
import { clusterSchema, readySchema } from '../../../shared/api/cluster';
import type { PoolPort } from '../../contracts/ports';
import { answerOf, errorAnswer } from './responses';
import { json, route, type Route } from './route';

const steppingDownSchema = z.object({ status: z.literal('stepping_down') });

export const clusterRoutes = (pool: Pick<PoolPort, 'cluster' | 'stepDown'>): readonly Route[] => [
  route({
    method: 'GET',
    path: '/readyz',
    access: 'anyone',
    summary: 'Whether this scheduler takes nodes and clients, for load balancers. A member of a cluster that does not lead answers 503.',
    answers: { schema: { name: 'Ready', schema: readySchema } },
    errors: ['NOT_LEADER'],
    handle: () => json({ status: 'ready', leader: null }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/cluster',
    access: 'view',
    summary:
      'The schedulers of the cluster, the leader with its epoch, and the database. A scheduler alone is the only member, without an epoch.',
    answers: { schema: { name: 'Cluster', schema: clusterSchema } },
    handle: async () => answerOf(await pool.cluster()),
  }),
  route({
    method: 'POST',
    path: '/api/v1/cluster/step-down',
    access: 'manage',
    act: 'cluster.step_down',
    summary: 'Ends the leadership of this scheduler in order, so that another member leads. For maintenance.',
    answers: { status: 202, schema: { name: 'SteppingDown', schema: steppingDownSchema } },
    errors: ['INVALID_STATE'],
    async handle() {
      const outcome = await pool.stepDown();
      return outcome.ok ? { kind: 'json', status: 202, body: { status: 'stepping_down' } } : errorAnswer(outcome.error);
    },
  }),
];
