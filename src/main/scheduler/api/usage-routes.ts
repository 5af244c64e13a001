// The use of the pool by day. A caller that reads only its own jobs reads only its own use: that of its key, and of its node.
import { z } from 'zod';
import { CSV_TYPE, subjectOf, usageCsv, type UsageQuery, usageRouteQuerySchema, usageSchema } from '../../../shared/api/usage';
import { ok, type Result, fail } from '../../../shared/result';
import type { PoolPort } from '../../contracts/ports';
import type { Caller } from '../members/core/principal';
import type { Members } from '../members/members';
import { ownIdOf } from './job-access';
import { answerOf } from './responses';
import { type Answer, errorCodeAnswer, json, route, type Route } from './route';

export interface UsageRouteOptions {
  readonly pool: Pick<PoolPort, 'usage'>;
  /** The node of the caller. Null: it has none. */
  readonly nodeOf: Members['nodeOf'];
}

export const usageRoutes = ({ pool, nodeOf }: UsageRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/usage',
    access: 'read_jobs',
    summary:
      'Requests, tokens and seconds of GPU by day, key, model or node, of at most a year, without contents. Days are days in UTC. As JSON, or as CSV with `format=csv` or `Accept: text/csv`. A caller without the right to view the pool gets its own use.',
    query: usageRouteQuerySchema,
    headers: z.object({ accept: z.string().max(1024).optional() }),
    answers: { schema: { name: 'Usage', schema: usageSchema } },
    errors: ['FORBIDDEN', 'LIMIT_REACHED'],
    async handle({ query: { format, ...query }, headers: { accept }, caller }): Promise<Answer> {
      const permitted = permittedQuery(query, caller, nodeOf);
      if (!permitted.ok) return errorCodeAnswer('FORBIDDEN', { reason: permitted.error });
      const usage = await pool.usage(permitted.value);
      if (!usage.ok) return answerOf(usage);
      if (format !== 'csv' && (format === 'json' || !wantsCsv(accept))) return json(usage.value);
      return { kind: 'text', status: 200, contentType: CSV_TYPE, text: usageCsv(usage.value) };
    },
  }),
];

/** Only a client that names CSV before JSON gets it: browsers and most programs accept anything. */
function wantsCsv(accept = ''): boolean {
  const [csv, other] = [accept.indexOf('text/csv'), accept.indexOf('application/json')];
  return csv !== -1 && (other === -1 || csv < other);
}

function permittedQuery(
  query: UsageQuery,
  caller: Caller,
  nodeOf: UsageRouteOptions['nodeOf'],
): Result<UsageQuery, 'own_use_only' | 'no_own_node'> {
  if (caller.grant !== 'own') return ok(query);
  const { key, node_id: nodeId, by } = query;
  const { id } = ownIdOf(caller);
  if (nodeId === undefined && subjectOf(by) !== 'node')
    return key !== undefined && key !== id ? fail('own_use_only') : ok({ ...query, key: id ?? '' });
  const own = nodeOf(caller.principal);
  if (own === null) return fail('no_own_node');
  return nodeId !== undefined && nodeId !== own ? fail('own_use_only') : ok({ ...query, node_id: own });
}
