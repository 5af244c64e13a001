// The state machine of the link, cell by cell: every state with every event.
import { describe, expect, test } from 'vitest';
import { at, type EventName, events, type LinkName, links, outcome, URL } from './session-states';

const opens = `connecting | open ${URL} | connect in 10000`;
const fails = (cause: string) => `reconnecting(${cause}) | close_socket | backoff in 1000`;
const reconnects = (cause: string) => `reconnecting(${cause}) | backoff in 1000`;
const terminates = (cause: string) => `reconnecting(${cause}) | terminate_socket | backoff in 1000`;
const connectsElsewhere = 'connecting | open ws://other | connect in 10000';
const ends = 'idle | close_socket | stopped';
const beats = 'heartbeat | heartbeat in 15000';

/** Every cell with a transition or a command. In all other cells the link stays and nothing is done. */
const cells: Record<LinkName, Partial<Record<EventName, string>>> = {
  idle: { 'connect_to another': connectsElsewhere, 'connect_to none': 'idle', stop: 'idle | stopped' },
  'waiting for the profile': {
    'connect_to another': connectsElsewhere,
    'connect_to none': 'idle',
    profile_known: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  'waiting for a wake': {
    'connect_to another': connectsElsewhere,
    'connect_to none': 'idle',
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  connecting: {
    'connect_to another': `connecting | close_socket | open ws://other | connect in 10000`,
    'connect_to none': 'idle | close_socket',
    socket_opened: 'unregistered | no connect | register node-1 | answer in 10000 | silence in 45000',
    'connect_failed: refused': fails('refused'),
    'connect_failed: 401': 'refused(UNAUTHORIZED) | close_socket',
    'connect_failed: 503': 'reconnecting(http_503) | close_socket | backoff in 20000',
    activity: 'stays | silence in 45000',
    'closed 1006': reconnects('connection_lost'),
    'closed 4002': 'refused(REPLACED) | replaced_by_newer_connection',
    'closed 4003': 'refused(REMOVED) | removed_by_operator',
    'connect due': terminates('timeout'),
    'silence due': terminates('silent'),
    suspend: 'waiting(wake) | close_socket 4100',
    wake: 'waiting(profile) | close_socket',
    stop: ends,
  },
  unregistered: {
    'connect_to another': `connecting | close_socket | open ws://other | connect in 10000`,
    'connect_to none': 'idle | close_socket',
    activity: 'stays | silence in 45000',
    ack: 'registered | no answer | save_identity | heartbeat | heartbeat in 3000',
    pause: 'unregistered',
    NO_GPU_AVAILABLE: 'refused(NO_GPU_AVAILABLE) | close_socket',
    INVALID_CAPABILITY_SCHEMA: 'refused(INVALID_CAPABILITY_SCHEMA) | close_socket',
    INVALID_MESSAGE: 'refused(INVALID_MESSAGE) | close_socket',
    NODE_ID_CONFLICT: 'unregistered | delete_identity | register without id | answer in 10000',
    NOT_REGISTERED: fails('NOT_REGISTERED'),
    INTERNAL_ERROR: fails('INTERNAL_ERROR'),
    'an unknown code': fails('SOMETHING_NEW'),
    'closed 1006': reconnects('connection_lost'),
    'closed 4002': 'refused(REPLACED) | replaced_by_newer_connection',
    'closed 4003': 'refused(REMOVED) | removed_by_operator',
    'answer due': terminates('no_answer'),
    'silence due': terminates('silent'),
    suspend: 'waiting(wake) | close_socket 4100',
    wake: 'waiting(profile) | close_socket',
    stop: ends,
  },
  registered: {
    'connect_to another': 'connecting | node_unregister | close_socket | open ws://other | connect in 10000',
    'connect_to none': 'idle | node_unregister | close_socket',
    'hardware changed': 'registered | change in 1000',
    'models changed': 'registered | change in 1000',
    activity: 'stays | silence in 45000',
    ack: 'registered | no answer | save_identity | heartbeat | heartbeat in 3000',
    load_request: `stays | ${beats}`,
    load_crossed_limit: `stays | ${beats}`,
    model_controlled: `stays | ${beats}`,
    'status ready': 'registered',
    'status offline': 'registered',
    NODE_ID_CONFLICT: fails('NODE_ID_CONFLICT'),
    NOT_REGISTERED: 'registered | register node-1 | answer in 10000',
    'closed 1006': reconnects('connection_lost'),
    'closed 4002': 'refused(REPLACED) | replaced_by_newer_connection',
    'closed 4003': 'refused(REMOVED) | removed_by_operator',
    'heartbeat due': `stays | ${beats}`,
    'silence due': terminates('silent'),
    pause: 'stays | node_drain',
    suspend: 'waiting(wake) | close_socket 4100',
    wake: 'waiting(profile) | close_socket',
    stop: 'stopping | node_drain | stop in 5000',
  },
  stopping: {
    ack: 'stopping | node_drain',
    NOT_REGISTERED: 'stopping | register node-1',
    activity: 'stays | silence in 45000',
    'status offline': ends,
    'closed 1006': 'idle | stopped',
    'closed 4002': 'idle | stopped',
    'closed 4003': 'idle | stopped',
    'silence due': 'idle | terminate_socket | stopped',
    'stop due': ends,
    stop: ends,
  },
  reconnecting: {
    'connect_to another': connectsElsewhere,
    'connect_to none': 'idle',
    'backoff due': opens,
    recheck: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  'refused for its hardware': {
    'connect_to another': connectsElsewhere,
    'connect_to none': 'idle',
    'hardware changed': opens,
    'models changed': opens,
    recheck: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  'refused for its token': {
    'connect_to another': connectsElsewhere,
    'connect_to none': 'idle',
    recheck: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  removed: { 'connect_to another': connectsElsewhere, 'connect_to none': 'idle', recheck: opens, stop: 'idle | stopped' },
  replaced: { 'connect_to another': connectsElsewhere, 'connect_to none': 'idle', recheck: opens, stop: 'idle | stopped' },
};

describe.each(Object.keys(links) as LinkName[])('link %s', (name) => {
  test.each(Object.keys(events) as EventName[])('event %s', (event) => {
    expect(outcome(at(name), events[event])).toBe(cells[name][event] ?? 'stays');
  });
});
