// The pool in totals, now and over time, its failures, and the models that it lacks.
import { missingModelsSchema } from '../../../shared/api/missing-models';
import { poolFailuresQuerySchema, poolFailuresSchema } from '../../../shared/api/pool-failures';
import { poolHistoryQuerySchema, poolHistorySchema, poolTotalsSchema } from '../../../shared/api/pool-history';
import type { PoolPort } from '../../contracts/ports';
import { withoutOutput } from './job-access';
import { answerOf } from './responses';
import { json, route, type Route } from './route';

export const historyRoutes = (pool: Pick<PoolPort, 'totals' | 'history' | 'failures' | 'missingModels'>): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/pool/totals',
    access: 'view',
    summary: 'The pool in totals: nodes by availability, GPUs, GPU memory and load of pool and owners, jobs, output.',
    answers: { schema: { name: 'PoolTotals', schema: poolTotalsSchema } },
    handle: async () => answerOf(await pool.totals()),
  }),
  route({
    method: 'GET',
    path: '/api/v1/pool/history',
    access: 'view',
    summary: 'The totals over time as columns, and the events that explain them.',
    query: poolHistoryQuerySchema,
    answers: { schema: { name: 'PoolHistory', schema: poolHistorySchema } },
    handle: async ({ query: { range } }) => answerOf(await pool.history(range)),
  }),
  route({
    method: 'GET',
    path: '/api/v1/pool/failures',
    access: 'view',
    summary: 'The jobs of the last 24 hours that failed or needed another attempt, newest first, without output of programs.',
    query: poolFailuresQuerySchema,
    answers: { schema: { name: 'PoolFailures', schema: poolFailuresSchema } },
    async handle({ query: { limit } }) {
      const failures = await pool.failures(limit);
      if (!failures.ok) return answerOf(failures);
      const { jobs, ...counts } = failures.value;
      return json({ ...counts, jobs: jobs.map((job) => ({ ...job, error: withoutOutput(job.error) })) });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/models/missing',
    access: 'view',
    summary: 'The models that were asked for in the last 24 hours and that no node has, the most requested first.',
    answers: { schema: { name: 'MissingModels', schema: missingModelsSchema } },
    handle: async () => answerOf(await pool.missingModels()),
  }),
];
