// Routes about nodes and dispatch (api §1).
import { z } from 'zod';
import { type ExplainRequest, exclusionsSchema, explainRequestSchema, explanationSchema } from '../../../shared/api/dispatch';
import { drainBodySchema, nodeViewSchema, poolEventSchema } from '../../../shared/api/node-view';
import { nodeIdSchema } from '../../../shared/protocol/node-messages';
import type { PoolPort } from '../../contracts/ports';
import type { Pool } from '../pool/pool';
import type { EventStreams } from './event-streams';
import { answerOf } from './outcome-answer';
import { failure, json, route, type Route } from './route';

const nodeParams = z.object({ node_id: nodeIdSchema });
const nodeSchema = { name: 'Node', schema: nodeViewSchema };
const nodeListSchema = { name: 'NodeList', schema: z.object({ nodes: z.array(nodeViewSchema) }) };
const doneSchema = { name: 'Done', schema: z.strictObject({}) };

/** A number of the sequence, as `Last-Event-ID` brings it back. */
const eventNumber = (text: string | undefined): number | null => (text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null);

export function nodeRoutes(nodePool: Pick<Pool, 'views' | 'subscribe'>, pool: PoolPort, streams: EventStreams): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/nodes',
      summary: 'Every node that is known, with its status, the reason and its health.',
      answers: { schema: nodeListSchema },
      handle: () => json({ nodes: nodePool.views.nodes() }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/nodes/{node_id}',
      summary: 'One node.',
      params: nodeParams,
      answers: { schema: nodeSchema },
      errors: ['NOT_FOUND'],
      handle({ params }) {
        const node = nodePool.views.node(params.node_id);
        return node === null ? failure('NOT_FOUND', { node_id: params.node_id, reason: 'unknown_node' }) : json(node);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/nodes/{node_id}/drain',
      summary: 'Give a node no new jobs; it is offline when what it runs has ended. Lasts until it is resumed. Answers with the node.',
      params: nodeParams,
      body: { name: 'DrainRequest', schema: drainBodySchema },
      answers: { schema: nodeSchema },
      errors: ['NOT_FOUND', 'INVALID_STATE'],
      handle: async ({ params, body }) => answerOf(await pool.drain(params.node_id, body)),
    }),
    route({
      method: 'POST',
      path: '/api/v1/nodes/{node_id}/resume',
      summary: 'Take a draining or drained node back; it warms up again. Answers with the node.',
      params: nodeParams,
      answers: { schema: nodeSchema },
      errors: ['NOT_FOUND', 'INVALID_STATE'],
      handle: async ({ params }) => answerOf(await pool.resume(params.node_id)),
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/nodes/{node_id}',
      summary: 'Remove a node and its identity; its connection is closed.',
      params: nodeParams,
      answers: { schema: doneSchema },
      errors: ['NOT_FOUND'],
      handle: async ({ params }) => answerOf(await pool.remove(params.node_id)),
    }),
    route({
      method: 'POST',
      path: '/api/v1/dispatch/explain',
      summary: 'Where a job would go and why: every filter that each node fails, of all nodes or `node_limit`. Nothing is dispatched.',
      body: { name: 'ExplainRequest', schema: explainRequestSchema },
      answers: { schema: { name: 'Explanation', schema: explanationSchema } },
      handle: async ({ body }: { readonly body: ExplainRequest }) => answerOf(await pool.explain(body)),
    }),
    route({
      method: 'GET',
      path: '/api/v1/dispatch/exclusions',
      summary: 'Why nodes got no job, counted over the dispatches that found nobody, since the last reset.',
      answers: { schema: { name: 'Exclusions', schema: exclusionsSchema } },
      handle: async () => answerOf(await pool.exclusions()),
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/dispatch/exclusions',
      summary: 'Reset these counts.',
      answers: { schema: doneSchema },
      handle: async () => answerOf(await pool.resetExclusions()),
    }),
    route({
      method: 'GET',
      path: '/api/v1/events',
      summary: 'Server-sent events of everything the dashboard shows. A snapshot first; `Last-Event-ID` resumes the gap-free sequence.',
      answers: { contentType: 'text/event-stream', schema: { name: 'PoolEvent', schema: poolEventSchema } },
      errors: ['OVERLOADED'],
      handle: ({ lastEventId }) => ({
        kind: 'stream',
        open: (response) =>
          streams.open(response, (send) =>
            nodePool.subscribe((event) => {
              send(event.id, event.json);
            }, eventNumber(lastEventId)),
          ),
      }),
    }),
  ];
}
