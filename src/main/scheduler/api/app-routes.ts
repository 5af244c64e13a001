// The AppApi of the renderer over HTTP: its operations by name, and its events. Only a program that has an app mounts these routes.
import { z } from 'zod';
import { type AppApi, OPERATIONS, type OperationName } from '../../../shared/api/app-api';
import { type AppEvent, appEventsSchema } from '../../../shared/api/app-state';
import { modelActSchema } from '../../../shared/api/model-control';
import type { PoolRight } from '../../../shared/api/pool-access';
import { isRecord } from '../../../shared/json';
import { recordOf } from '../../../shared/protocol/bounded';
import { validate } from '../../../shared/protocol/decode';
import type { JoinRequests } from '../../contracts/ports';
import type { AuditLog } from '../members/audit-log';
import { grantOf, type RightName } from '../members/core/permissions';
import { type Principal, rightsOf } from '../members/core/principal';
import type { KeyUsage } from '../members/key-usage';
import { countedStream } from './counted-stream';
import type { EventStreams, SendEvent } from './event-streams';
import { newcomerName } from './join-routes';
import { errorAnswer } from './responses';
import { errorCodeAnswer, json, route, type Route } from './route';

const isOperation = (name: string): name is OperationName => Object.hasOwn(OPERATIONS, name);

const MAX_PARAMS = 64;
const operationBody = { name: 'OperationParams', schema: recordOf(z.string(), z.unknown(), MAX_PARAMS) };
const operationAnswer = { name: 'OperationResult', schema: z.object({ ok: z.literal(true), value: z.json() }) };

/** A message in pieces: the state can have ten thousand nodes, and many nodes can change at once. */
function* piecesOf(events: readonly AppEvent[]): IterableIterator<string> {
  let separator = '[';
  for (const event of events) {
    if (event.type === 'snapshot') {
      const { nodes, ...rest } = event.state;
      yield `${separator}{"type":"snapshot","state":${JSON.stringify(rest).slice(0, -1)},"nodes":[`;
      for (const [at, node] of nodes.entries()) yield `${at === 0 ? '' : ','}${JSON.stringify(node)}`;
      yield ']}}';
    } else yield `${separator}${JSON.stringify(event)}`;
    separator = ',';
  }
  yield ']';
}

/** The right that each operation needs, and its name in the audit log. Null: no act. */
const OPERATION_RIGHTS: Readonly<Record<OperationName, readonly [right: RightName, act: string | null]>> = {
  'agent.recheck': ['operate', null],
  'agent.simulate': ['manage', 'agent.simulate'],
  'agent.pause': ['operate', 'agent.pause'],
  'agent.resume': ['operate', 'agent.resume'],
  'agent.measure_model': ['operate', 'agent.measure_model'],
  'agent.dismiss_notice': ['operate', null],
  'agent.contribution': ['view', null],
  'desktop.set_look': ['manage', null],
  'desktop.open_document': ['manage', null],
  'gpu.history': ['view', null],
  'gpu.processes': ['manage', null],
  'gpu.offer': ['manage', 'gpu.offer'],
  'models.download': ['manage', 'models.download'],
  'models.pause_download': ['manage', null],
  'models.cancel_download': ['manage', 'models.cancel_download'],
  'models.remove': ['manage', 'models.remove'],
  'models.control': ['manage', 'models.control'],
  'models.share': ['manage', 'models.share'],
  'models.storage': ['manage', null],
  'host.start': ['manage', 'host.start'],
  'host.restart': ['manage', 'host.restart'],
  'host.stop': ['manage', 'host.stop'],
  'join.test': ['manage', null],
  'join.connect': ['manage', 'join.connect'],
  'join.leave': ['manage', 'join.leave'],
  'join.discard_link': ['manage', null],
  'update.check': ['manage', null],
  'update.download': ['manage', 'update.download'],
  'update.cancel': ['manage', null],
  'update.install': ['manage', 'update.install'],
  'pools.list': ['manage', null],
  'pools.test': ['manage', null],
  'pools.switch': ['manage', 'pools.switch'],
  'pools.forget': ['manage', 'pools.forget'],
  'nearby.browse': ['manage', null],
  'nearby.join': ['manage', 'nearby.join'],
  'nearby.confirm': ['manage', 'nearby.confirm'],
  'nearby.cancel': ['manage', null],
  'doctor.network': ['manage', null],
  'settings.list': ['manage', null],
  'settings.set': ['manage', 'settings.set'],
  'settings.open_folder': ['manage', null],
  'settings.choose_path': ['manage', null],
  'settings.reset': ['manage', 'settings.reset'],
  'logs.read': ['manage', null],
  'diagnostics.preview': ['manage', null],
  'diagnostics.save': ['manage', 'diagnostics.save'],
  'members.list': ['manage', null],
  'members.update': ['manage', 'member.update'],
  'members.revoke': ['manage', 'member.revoke'],
  'invites.list': ['manage', null],
  'invites.create': ['manage', 'invite.create'],
  'invites.revoke': ['manage', 'invite.revoke'],
  'keys.list': ['manage', null],
  'keys.create': ['manage', 'key.create'],
  'keys.update': ['manage', 'key.update'],
  'keys.revoke': ['manage', 'key.revoke'],
  'audit.list': ['manage', null],
  'join_requests.approve': ['manage', 'join_request.approve'],
  'join_requests.deny': ['manage', 'join_request.deny'],
  'pool.node': ['view', null],
  'pool.node_history': ['view', null],
  'pool.models': ['view', null],
  'pool.nodes_with_model': ['view', null],
  'pool.drain': ['operate', 'node.drain'],
  'pool.resume': ['operate', 'node.resume'],
  'pool.quarantine': ['operate', 'node.quarantine'],
  'pool.release': ['operate', 'node.release'],
  'pool.tag_node': ['operate', 'node.tag'],
  'pool.remove': ['operate', 'node.remove'],
  'pool.control_model': ['operate', 'node.model_control'],
  'pool.explain': ['view', null],
  'pool.exclusions': ['view', null],
  'pool.reset_exclusions': ['operate', 'exclusions.reset'],
  'pool.jobs': ['view', null],
  'pool.export_jobs': ['view', null],
  'pool.job': ['view', null],
  'pool.job_content': ['read_contents', 'job.read_content'],
  'pool.cancel_job': ['operate', 'job.cancel'],
  'pool.cancel_jobs': ['operate', 'job.cancel'],
  'pool.retry_job': ['operate', 'job.retry'],
  'pool.totals': ['view', null],
  'pool.history': ['view', null],
  'pool.failures': ['view', null],
  'pool.missing_models': ['view', null],
  'pool.usage': ['view', null],
  'pool.export_usage': ['view', null],
  'pool.cluster': ['view', null],
  'pool.step_down': ['manage', 'cluster.step_down'],
};

export interface AppRouteOptions {
  readonly app: AppApi;
  readonly usage: KeyUsage;
  readonly streams: EventStreams;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly joinRequests: Pick<JoinRequests, 'list'>;
}

export function appRoutes({ app, usage, streams, audit, joinRequests }: AppRouteOptions): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/app/{operation}',
      access: 'view',
      summary: 'Runs one operation of the app, by name (`pool.drain`, ...). The body is its params, `value` its result.',
      params: z.object({ operation: z.string().max(64) }),
      body: operationBody,
      answers: { schema: operationAnswer },
      errors: ['NOT_FOUND', 'INVALID_STATE'],
      async handle({ params: { operation }, body, caller: { principal }, from }) {
        if (!isOperation(operation)) return errorCodeAnswer('NOT_FOUND', { operation: operation.slice(0, 64) });
        const [right, act] = OPERATION_RIGHTS[operation];
        if (grantOf(right, principal?.roles ?? []) === null) return errorCodeAnswer('FORBIDDEN', { operation });
        const params = validate(body, OPERATIONS[operation].params);
        if (!params.ok) return errorCodeAnswer('INVALID_REQUEST', { ...params.error });
        const newcomer = operation.startsWith('join_requests.') ? newcomerName(joinRequests, (params.value as { id?: unknown }).id) : null;
        const outcome = await app.call(operation, params.value);
        if (!outcome.ok) return errorAnswer(outcome.error);
        if (act !== null) audit.record({ action: act, target: newcomer ?? targetOf(params.value, outcome.value), principal, from });
        return json(outcome);
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/app/events',
      access: 'view',
      summary: 'Server-sent events of the app, each a list of changes. Not resumable: every stream starts with a snapshot.',
      answers: { contentType: 'text/event-stream', schema: { name: 'AppEvents', schema: appEventsSchema } },
      errors: ['OVERLOADED'],
      handle: (request) => countedStream(request, { usage, streams, kind: 'pool_events' }, followApp(app, request.caller.principal)),
    }),
  ];
}

/**
 * Only owners see and decide who asks to join. The pool has the rights of the caller, without that of members to make keys: this program
 * runs the operations with keys, and does not know the member.
 */
const followApp = (app: AppApi, principal: Principal | null) => {
  const mayManage = grantOf('manage', principal?.roles ?? []) !== null;
  const rights = rightsOf(principal).filter((right) => right !== 'make_keys');
  return (send: SendEvent): (() => void) =>
    app.subscribe({
      onEvents: (events) => {
        const shown = mayManage ? events : events.flatMap(withoutJoinRequests).map((event) => withRights(event, rights));
        if (shown.length > 0) send(null, piecesOf(shown));
      },
      // The app is in this process, so it is always connected. The client derives the connection to the server from its stream.
      onConnection: () => undefined,
    });
};

function withRights(event: AppEvent, rights: PoolRight[]): AppEvent {
  if (event.type === 'snapshot') return { ...event, state: { ...event.state, pool: event.state.pool && { ...event.state.pool, rights } } };
  return event.type === 'pool' ? { ...event, pool: event.pool && { ...event.pool, rights } } : event;
}

function withoutJoinRequests(event: AppEvent): readonly AppEvent[] {
  if (event.type === 'join_requests') return [];
  return event.type === 'snapshot' ? [{ ...event, state: { ...event.state, join_requests: [] } }] : [event];
}

/** The node, job, model, pool or credential that an operation is about. A created credential is in the result. */
function targetOf(params: Readonly<Record<string, unknown>>, result: unknown): string | null {
  const modelAct = modelActSchema.safeParse(params);
  if (modelAct.success) return Object.values(modelAct.data).join(' ');
  const created = isRecord(result) ? result['id'] : null;
  const target =
    params['node_id'] ??
    params['job_id'] ??
    params['model_id'] ??
    params['address'] ??
    params['pool_id'] ??
    params['id'] ??
    params['key'] ??
    created;
  return typeof target === 'string' ? target.replace(/#.*$/s, '') : null;
}
