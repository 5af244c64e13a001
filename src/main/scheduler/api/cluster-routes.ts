// Routes of the cluster: whether this scheduler takes traffic, its members, and the end of its leadership.
import { z } from 'zod';
import { clusterSchema, readySchema } from '../../../shared/api/cluster';
import type { ClusterPort } from '../../contracts/cluster-port';
import { errorCodeAnswer, json, route, type Route } from './route';

const steppingDownSchema = z.object({ status: z.literal('stepping_down') });

export const clusterRoutes = (cluster: ClusterPort): readonly Route[] => [
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
    handle: async () => json(await cluster.view()),
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
      const { epoch, members } = await cluster.view();
      if (epoch === null) return errorCodeAnswer('INVALID_STATE', { reason: 'not_a_cluster' });
      if (members.length < 2) return errorCodeAnswer('INVALID_STATE', { reason: 'no_other_member' });
      // The connections of this scheduler end with its term, so the answer goes first.
      setTimeout(() => void cluster.stepDown(), STEP_DOWN_AFTER_MS);
      return { kind: 'json', status: 202, body: { status: 'stepping_down' } };
    },
  }),
];

const STEP_DOWN_AFTER_MS = 100;
