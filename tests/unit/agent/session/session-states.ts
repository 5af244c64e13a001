// Every state of the link and every event, for the tests of its state machine.
import { step } from '../../../../src/main/agent/session/session';
import {
  INITIAL_SESSION,
  type Link,
  type SessionInstant,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
} from '../../../../src/main/agent/session/session-state';
import { ackOf, statusOf } from '../../../support/scripted-scheduler';

export const URL = 'ws://pool:7080';
const identity = { nodeId: 'node-1', nodeToken: 'secret-1' };
export const now: SessionInstant = { wallMs: 1_000_000, monotonicMs: 50_000, random: 0.5 };
export const since = 900_000;

export const links = {
  idle: { state: 'idle' },
  'waiting for the profile': { state: 'waiting', sinceWallMs: since, for: 'profile' },
  'waiting for a wake': { state: 'waiting', sinceWallMs: since, for: 'wake' },
  connecting: { state: 'connecting', sinceWallMs: since },
  unregistered: { state: 'unregistered', sinceWallMs: since, conflicted: false },
  registered: {
    state: 'registered',
    sinceWallMs: since,
    sinceMonotonicMs: 45_000,
    nodeId: 'node-1',
    heartbeatIntervalMs: 15_000,
    acceptsUnknownMemory: true,
    warmingUp: false,
    pendingChange: null,
  },
  stopping: { state: 'stopping', sinceWallMs: since, nodeId: 'node-1', untilMonotonicMs: 52_000 },
  reconnecting: { state: 'reconnecting', sinceWallMs: since, nextTryAtWallMs: 1_000_500, cause: 'refused' },
  'refused for its hardware': { state: 'refused', sinceWallMs: since, refusal: { code: 'NO_GPU_AVAILABLE', message: 'm', details: null } },
  'refused for its token': { state: 'refused', sinceWallMs: since, refusal: { code: 'UNAUTHORIZED', message: 'm', details: null } },
  removed: { state: 'refused', sinceWallMs: since, refusal: { code: 'REMOVED', message: 'm', details: null } },
  replaced: { state: 'refused', sinceWallMs: since, refusal: { code: 'REPLACED', message: 'm', details: null } },
} satisfies Record<string, Link>;
export type LinkName = keyof typeof links;

export function at(name: LinkName, fields: Partial<SessionState> = {}): SessionState {
  return {
    ...INITIAL_SESSION,
    target: name === 'idle' ? null : { url: URL, identity },
    profileKnown: true,
    failures: 1,
    link: links[name],
    ...fields,
  };
}

const error = (code: string): SessionEvent => ({ type: 'message', message: { type: 'node_error', code, message: 'm', details: null } });

export const events = {
  'connect_to another': { type: 'connect_to', target: { url: 'ws://other', identity: null } },
  'connect_to none': { type: 'connect_to', target: null },
  profile_known: { type: 'profile_known' },
  'hardware changed': { type: 'profile_changed', hardware: true },
  'models changed': { type: 'profile_changed', hardware: false },
  socket_opened: { type: 'socket_opened' },
  'connect_failed: refused': { type: 'connect_failed', cause: 'refused', httpStatus: null, retryAfterMs: null },
  'connect_failed: 401': { type: 'connect_failed', cause: 'http_401', httpStatus: 401, retryAfterMs: null },
  'connect_failed: 503': { type: 'connect_failed', cause: 'http_503', httpStatus: 503, retryAfterMs: 20_000 },
  activity: { type: 'activity' },
  ack: { type: 'message', message: ackOf() },
  job_result_ack: { type: 'message', message: { type: 'job_result_ack', job_id: 'j', attempt: 1 } },
  load_request: { type: 'message', message: { type: 'load_request', node_id: 'node-1' } },
  'load_request for another node': { type: 'message', message: { type: 'load_request', node_id: 'node-9' } },
  load_crossed_limit: { type: 'load_crossed_limit' },
  model_controlled: { type: 'model_controlled' },
  'status ready': { type: 'message', message: statusOf() },
  'status offline': { type: 'message', message: statusOf({ status: 'offline', reason_code: 'drain_complete' }) },
  'status of another node': { type: 'message', message: statusOf({ node_id: 'node-9' }) },
  NO_GPU_AVAILABLE: error('NO_GPU_AVAILABLE'),
  INVALID_CAPABILITY_SCHEMA: error('INVALID_CAPABILITY_SCHEMA'),
  INVALID_MESSAGE: error('INVALID_MESSAGE'),
  NODE_ID_CONFLICT: error('NODE_ID_CONFLICT'),
  NOT_REGISTERED: error('NOT_REGISTERED'),
  INTERNAL_ERROR: error('INTERNAL_ERROR'),
  'an unknown code': error('SOMETHING_NEW'),
  'closed 1006': { type: 'socket_closed', code: 1006, cause: 'connection_lost', reason: '' },
  'closed 4002': { type: 'socket_closed', code: 4002, cause: 'closed_4002', reason: '' },
  'closed 4003': { type: 'socket_closed', code: 4003, cause: 'closed_4003', reason: '' },
  'connect due': { type: 'timer_due', timer: 'connect' },
  'answer due': { type: 'timer_due', timer: 'answer' },
  'backoff due': { type: 'timer_due', timer: 'backoff' },
  'heartbeat due': { type: 'timer_due', timer: 'heartbeat' },
  'change due': { type: 'timer_due', timer: 'change' },
  'silence due': { type: 'timer_due', timer: 'silence' },
  'stop due': { type: 'timer_due', timer: 'stop' },
  recheck: { type: 'recheck' },
  pause: { type: 'set_pause', pause: { reason_code: 'full_screen', detail: 'Factorio' } },
  share: { type: 'set_pause', pause: null },
  suspend: { type: 'suspend' },
  wake: { type: 'wake' },
  stop: { type: 'stop', timeoutMs: 5000 },
} satisfies Record<string, SessionEvent>;
export type EventName = keyof typeof events;

/** The next state of the link and the commands, in one line. */
export function outcome(state: SessionState, event: SessionEvent): string {
  const [next, commands] = step(state, event, now);
  const { link } = next;
  const detail =
    link.state === 'waiting' ? link.for : link.state === 'reconnecting' ? link.cause : link.state === 'refused' ? link.refusal.code : '';
  const nextState = `${link.state}${detail === '' ? '' : `(${detail})`}`;
  return [next.link === state.link ? 'stays' : nextState, ...commands.filter(({ type }) => type !== 'clear_timers').map(brief)].join(' | ');
}

function brief(command: SessionCommand): string {
  switch (command.type) {
    case 'set_timer':
      return `${command.timer} in ${String(command.delayMs)}`;
    case 'clear_timer':
      return `no ${command.timer}`;
    case 'register':
      return `register ${command.identity?.nodeId ?? 'without id'}`;
    case 'send':
      return command.message.type;
    case 'open_socket':
      return `open ${command.url}`;
    case 'notice':
      return command.code;
    case 'close_socket':
      return command.code === undefined ? 'close_socket' : `close_socket ${String(command.code)}`;
    case 'terminate_socket':
    case 'heartbeat':
    case 'clear_timers':
    case 'save_identity':
    case 'save_credential':
    case 'save_pool_urls':
    case 'delete_identity':
    case 'older_leader':
    case 'stopped':
      return command.type;
  }
}
