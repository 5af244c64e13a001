// Routes for nodes, for dispatch, and for the events of the pool.
import { z } from 'zod';
import { exclusionsSchema, explainRequestSchema, explanationSchema } from '../../../shared/api/dispatch';
import {
  drainBodySchema,
  nodePageSchema,
  nodesQuerySchema,
  nodeViewSchema,
  poolEventSchema,
  quarantineBodySchema,
} from '../../../shared/api/node-view';
import { modelActAnswerSchema, modelActSchema } from '../../../shared/api/model-control';
import { nodeHistoryQuerySchema, nodeHistorySchema } from '../../../shared/api/node-history';
import { tagsBodySchema } from '../../../shared/api/node-tags';
import { modelNodesSchema, modelSearchSchema } from '../../../shared/api/pool-models';
import { nodeIdSchema } from '../../../shared/protocol/node-messages';
import type { JoinRequests, PoolPort } from '../../contracts/ports';
import { grantOf } from '../members/core/permissions';
import { historyForMember, nodeForMember } from '../pool/limited-node-view';
import type { NumberedEvent } from '../pool/pool-events';
import type { KeyUsage } from '../members/key-usage';
import type { Members } from '../members/members';
import type { Pool } from '../pool/pool';
import type { SchedulerPool } from '../pool/pool-port';
import { countedStream } from './counted-stream';
import type { SendEvent } from './event-streams';
import type { OpenStreams } from './open-streams';
import { namedExplanation } from './job-names';
import { answerOf } from './responses';
import type { ModelNames } from './client-apis/model-names';
import { errorCodeAnswer, json, route, type Route } from './route';

const nodeParams = z.object({ node_id: nodeIdSchema });
const nodeSchema = { name: 'Node', schema: nodeViewSchema };
const nodeListSchema = { name: 'NodeList', schema: nodePageSchema };
const doneSchema = { name: 'Done', schema: z.strictObject({}) };

export interface NodeRouteOptions {
  readonly nodePool: Pick<Pool, 'views' | 'subscribe'>;
  readonly pool: SchedulerPool;
  readonly joinRequests: JoinRequests;
  /** The node of the caller. Null: it has none. */
  readonly nodeOf: Members['nodeOf'];
  readonly usage: KeyUsage;
  readonly streams: Pick<OpenStreams, 'pool' | 'members'>;
  readonly names: ModelNames;
}

export const nodeRoutes = (options: NodeRouteOptions): readonly Route[] => [
  ...readNodeRoutes(options),
  modelNodesRoute(options.pool),
  ...changeNodeRoutes(options.pool),
  ...dispatchRoutes(options),
  eventsRoute(options),
];

const readNodeRoutes = ({ nodePool, pool, nodeOf }: NodeRouteOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/nodes',
    access: 'read_nodes',
    summary: 'Lists the nodes with status, status reason and health, page by page, without their models.',
    query: nodesQuerySchema,
    answers: { schema: nodeListSchema },
    async handle({ query: { limit, cursor }, caller: { grant, principal } }) {
      const page = await nodePool.views.page(limit, cursor ?? null);
      if (grant === 'all') return json(page);
      const own = nodeOf(principal);
      return json({ ...page, nodes: page.nodes.map((node) => nodeForMember(node, own)) });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/nodes/{node_id}',
    access: 'read_nodes',
    summary: 'One node, with its models.',
    params: nodeParams,
    answers: { schema: nodeSchema },
    errors: ['NOT_FOUND'],
    handle({ params, caller: { grant, principal } }) {
      const node = nodePool.views.node(params.node_id);
      if (node === null) return errorCodeAnswer('NOT_FOUND', { node_id: params.node_id, reason: 'unknown_node' });
      return json(grant === 'all' ? node : nodeForMember(node, nodeOf(principal)));
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/nodes/{node_id}/history',
    access: 'read_nodes',
    summary: 'One node over time: state, GPU use and GPU memory as columns, and the events of the last 24 hours.',
    params: nodeParams,
    query: nodeHistoryQuerySchema,
    answers: { schema: { name: 'NodeHistory', schema: nodeHistorySchema } },
    errors: ['NOT_FOUND'],
    async handle({ params, query, caller: { grant, principal } }) {
      const history = await pool.nodeHistory(params.node_id, query.range);
      if (!history.ok || grant === 'all') return answerOf(history);
      return json(historyForMember(history.value, nodeOf(principal) === params.node_id));
    },
  }),
];

const modelNodesRoute = (pool: PoolPort): Route =>
  route({
    method: 'GET',
    path: '/api/v1/models/nodes',
    access: 'read_nodes',
    summary: 'The ids of the nodes that have a model whose id contains `model`.',
    query: modelSearchSchema,
    answers: { schema: { name: 'ModelNodes', schema: modelNodesSchema } },
    handle: async ({ query }) => answerOf(await pool.nodesWithModel(query.model)),
  });

const changeNodeRoutes = (pool: PoolPort): readonly Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/nodes/{node_id}/drain',
    access: 'operate',
    act: 'node.drain',
    summary: 'Drains a node: it gets no new jobs, and is offline when its running jobs have ended. Answers with the node.',
    params: nodeParams,
    body: { name: 'DrainRequest', schema: drainBodySchema },
    answers: { schema: nodeSchema },
    errors: ['NOT_FOUND', 'INVALID_STATE'],
    handle: async ({ params, body }) => answerOf(await pool.drain(params.node_id, body)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/nodes/{node_id}/resume',
    access: 'operate',
    act: 'node.resume',
    summary: 'Resumes a draining or drained node, which then warms up. Answers with the node.',
    params: nodeParams,
    answers: { schema: nodeSchema },
    errors: ['NOT_FOUND', 'INVALID_STATE'],
    handle: async ({ params }) => answerOf(await pool.resume(params.node_id)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/nodes/{node_id}/quarantine',
    access: 'operate',
    act: 'node.quarantine',
    summary: 'Quarantines a node: its jobs are requeued, and it gets no jobs until it is released. Answers with the node.',
    params: nodeParams,
    body: { name: 'QuarantineRequest', schema: quarantineBodySchema },
    answers: { schema: nodeSchema },
    errors: ['NOT_FOUND'],
    handle: async ({ params, body }) => answerOf(await pool.quarantine(params.node_id, body)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/nodes/{node_id}/release',
    access: 'operate',
    act: 'node.release',
    summary: 'Ends the quarantine of a node. Answers with the node.',
    params: nodeParams,
    answers: { schema: nodeSchema },
    errors: ['NOT_FOUND', 'INVALID_STATE'],
    handle: async ({ params }) => answerOf(await pool.release(params.node_id)),
  }),
  tagsRoute(pool),
  route({
    method: 'POST',
    path: '/api/v1/nodes/{node_id}/models/{model_id}/{action}',
    access: 'operate',
    act: 'node.model_control',
    summary: 'Loads, unloads, pins or unpins a model of a node. `model_id` is percent-encoded. A refusal has a `reason` in its details.',
    params: z.object(modelActSchema.shape),
    answers: { schema: { name: 'ModelActAnswer', schema: modelActAnswerSchema } },
    errors: ['NOT_FOUND', 'INVALID_STATE'],
    handle: async ({ params }) => answerOf(await pool.controlModel(params)),
  }),
  removeRoute(pool),
];

const tagsRoute = (pool: PoolPort): Route =>
  route({
    method: 'PUT',
    path: '/api/v1/nodes/{node_id}/tags',
    access: 'operate',
    act: 'node.tag',
    summary: 'Replaces the tags of a node. Answers with the node.',
    params: nodeParams,
    body: { name: 'Tags', schema: tagsBodySchema },
    answers: { schema: nodeSchema },
    errors: ['NOT_FOUND'],
    handle: async ({ params, body }) => answerOf(await pool.setTags(params.node_id, body.tags)),
  });

const removeRoute = (pool: PoolPort): Route =>
  route({
    method: 'DELETE',
    path: '/api/v1/nodes/{node_id}',
    access: 'operate',
    act: 'node.remove',
    summary: 'Removes a node and its identity, and closes its connection.',
    params: nodeParams,
    answers: { schema: doneSchema },
    errors: ['NOT_FOUND'],
    handle: async ({ params }) => answerOf(await pool.remove(params.node_id)),
  });

const dispatchRoutes = ({ pool, names }: NodeRouteOptions): readonly Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/dispatch/explain',
    access: 'explain',
    summary: 'Explains which node would get a job, with the exclusions of all nodes or of `node_limit`. Dispatches nothing.',
    body: { name: 'ExplainRequest', schema: explainRequestSchema },
    answers: { schema: { name: 'Explanation', schema: explanationSchema } },
    handle: async ({ body, caller }) => answerOf(await pool.explain(body, (asked) => namedExplanation(names, asked, caller))),
  }),
  route({
    method: 'GET',
    path: '/api/v1/dispatch/exclusions',
    access: 'view',
    summary: 'Counts of exclusions by reason, over the dispatches without a candidate since the last reset.',
    answers: { schema: { name: 'Exclusions', schema: exclusionsSchema } },
    handle: async () => answerOf(await pool.exclusions()),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/dispatch/exclusions',
    access: 'operate',
    act: 'exclusions.reset',
    summary: 'Resets the counts of exclusions.',
    answers: { schema: doneSchema },
    handle: async () => answerOf(await pool.resetExclusions()),
  }),
];

const eventsRoute = ({ nodePool, joinRequests, nodeOf, usage, streams }: NodeRouteOptions): Route =>
  route({
    method: 'GET',
    path: '/api/v1/events',
    access: 'read_nodes',
    summary:
      'Server-sent events of the pool: a snapshot, then every change that the caller may see. `Last-Event-ID` resumes without gaps. An owner also gets the computers that ask to join.',
    answers: { contentType: 'text/event-stream', schema: { name: 'PoolEvent', schema: poolEventSchema } },
    errors: ['OVERLOADED'],
    handle(request) {
      const { lastEventId, caller } = request;
      const counted =
        caller.grant === 'all'
          ? ({ usage, streams: streams.pool, kind: 'pool_events' } as const)
          : ({ usage, streams: streams.members, kind: 'member_events' } as const);
      return countedStream(request, counted, (send) => {
        const stops = [
          nodePool.subscribe(
            caller.grant === 'all' ? sendWhole(send) : sendLimited(send, () => nodeOf(caller.principal)),
            eventNumber(lastEventId),
          ),
        ];
        if (grantOf('manage', caller.principal?.roles ?? []) !== null)
          stops.push(sendJoinRequests(joinRequests, send, lastEventId !== undefined));
        return () => {
          for (const stop of stops) stop();
        };
      });
    },
  });

type SendNumbered = (event: NumberedEvent) => void;

const sendWhole =
  (send: SendEvent): SendNumbered =>
  (event) => {
    send(event.id, event.json);
  };

/**
 * Most changes of a node are of its load, which members do not get: the same view is not sent twice. A member can get its node while it
 * reads the stream.
 */
function sendLimited(send: SendEvent, ownNodeId: () => string | null): SendNumbered {
  const sent = new Map<string, ReturnType<NumberedEvent['jsonFor']>>();
  return (numbered) => {
    const json = numbered.jsonFor(ownNodeId());
    // The event of a snapshot has all nodes, so it is not made here.
    if (!numbered.isSnapshot && numbered.event.type === 'node_changed') {
      const { node_id: nodeId } = numbered.event.node;
      if (sent.get(nodeId) === json) return;
      sent.set(nodeId, json);
    } else if (!numbered.isSnapshot && numbered.event.type === 'node_removed') sent.delete(numbered.event.node_id);
    send(numbered.id, json);
  };
}

/** Without a number: a client that resumes gets the whole list again, since requests may have ended meanwhile. */
function sendJoinRequests(joinRequests: JoinRequests, send: SendEvent, isResumed: boolean): () => void {
  const sendAll = (): void => {
    send(null, JSON.stringify({ type: 'join_requests', join_requests: joinRequests.list() }));
  };
  if (isResumed || joinRequests.list().length > 0) sendAll();
  return joinRequests.subscribe(sendAll);
}

/** The number of the last event that the client received, from its `Last-Event-ID`; null: absent or not a number. */
const eventNumber = (text: string | undefined): number | null => (text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null);
