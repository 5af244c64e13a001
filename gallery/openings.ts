// The drawers, dialogs and answers of a page, and the actions that open them. Buttons and fields are named by keys of the catalogue.
import { OTHER_POOLS_ID, type PageName } from '../src/renderer/routes';
import type { Situation } from '../tests/fixtures/app-states/states';
import type { ConnectionState, OperationName, Outcome } from '../src/shared/api/app-api';
import type { AskEvent } from '../src/shared/api/ask';
import type { JoinRequestView } from '../src/shared/api/join-requests';
import type { NearbyAttempt } from '../src/shared/api/nearby';
import { fail, ok } from '../src/shared/result';
import { ANSWER_TEXT, ANSWER_TEXT_ZH, answerEvents, waitingEvents } from '../tests/fixtures/app-states/asks';
import { failedSteps } from '../tests/fixtures/app-states/answers';
import { JOBS } from '../tests/fixtures/app-states/jobs';
import { LARGE_JOBS } from '../tests/fixtures/app-states/waiting-jobs';
import { LOG_LINES, LOG_PAGE } from '../tests/fixtures/app-states/logs';
import { sixNodes } from '../tests/fixtures/app-states/nodes';
import { joinRequest, nearbyAttempt, nearbyView } from '../tests/fixtures/app-states/trust';
import type { FakeApi } from '../tests/fixtures/app-states/fake-api';
import { EXPLAIN_OPENINGS } from './explain-openings';
import { KEPT_CHATS } from './kept-chats';
import { stream } from './stream';
import { MODEL_OPENINGS } from './model-openings';
import { POOL_OPENINGS } from './pool-openings';
import { until, type User } from './user';

export interface Opening {
  readonly situation: Situation;
  readonly page: PageName;
  /** The node or the job in the drawer. */
  readonly id?: string;
  readonly search?: string;
  /** The answers of the program before the page is shown. */
  readonly answers?: Partial<Record<OperationName, Outcome<unknown>>>;
  readonly act?: (user: User, api: FakeApi) => Promise<void> | void;
  /** What the device has stored, for every tab and for this one. */
  readonly stored?: Readonly<Record<'all' | 'tab', Readonly<Record<string, string>>>>;
  /** A selector. The case is complete when its element is shown. */
  readonly until: string;
}
const DIALOG = '[role="dialog"] h2';
const node = (id: string, act?: Opening['act']): Opening => ({
  situation: 'ready',
  page: 'nodes',
  id,
  until: DIALOG,
  ...(act === undefined ? {} : { act }),
});
/** The open job, beside the list or in a drawer. */
const JOB = '[data-job-open] h2';
const job = (name: keyof typeof JOBS, act?: Opening['act'], until = JOB): Opening => ({
  situation: 'ready',
  page: 'jobs',
  id: JOBS[name].job_id,
  until,
  ...(act === undefined ? {} : { act }),
});

const largeJob = (name: keyof typeof LARGE_JOBS, part: string): Opening => {
  return { situation: 'many_waiting', page: 'jobs', id: LARGE_JOBS[name].job_id, until: `[data-job-open] ${part}` };
};

const members = (act: NonNullable<Opening['act']>, until = DIALOG): Opening => ({ situation: 'ready', page: 'members', act, until });
const joinRequests = (change: Partial<JoinRequestView>): Opening => ({
  situation: 'ready',
  page: 'computer',
  act: (_user, api) => api.emit.onEvent({ type: 'join_requests', join_requests: [joinRequest(change)] }),
  until: DIALOG,
});
const nearby = (change: Partial<NearbyAttempt>): Opening => ({
  situation: 'nearby',
  page: 'pool',
  act: (_user, api) => api.emit.onEvent({ type: 'nearby', nearby: nearbyView({ attempt: nearbyAttempt(change) }) }),
  until: '#root main h1',
});

const ALICE = 'node-0A11CE42';
const NODE_IDS = sixNodes().flatMap(({ node_id, status, online }) => (status === 'ready' && online ? [node_id] : []));
/** Of the node that has no connection any more. */
const LOST_BEGINS: AskEvent = {
  type: 'begin',
  job_id: 'job-1',
  node_id: 'node-51ABCDEF',
  node_name: 'try-out',
  route: 'only',
  predicted_ms: null,
};
const isChinese = (): boolean => document.documentElement.lang.startsWith('zh');
const answer = (): readonly AskEvent[] => answerEvents(NODE_IDS, isChinese() ? ANSWER_TEXT_ZH : ANSWER_TEXT);
/** The pool says why, in the language of the question. */
const failedEvent = (): AskEvent => {
  const message = isChinese() ? '回答中断：节点失联' : 'the stream was interrupted: the node was lost';
  return { type: 'failed', error: { code: 'stream_broken', message, details: null } };
};
const testedEvents = (): readonly AskEvent[] => [
  { type: 'begin', job_id: 'job-1', node_id: NODE_IDS[0] ?? null, node_name: 'ming-desktop', route: 'only', predicted_ms: null },
  { type: 'text', text: isChinese() ? '你好！我可以使用。' : 'Hello! This model works.', pieces: 6 },
  { type: 'end', finish_reason: 'stop' },
];
/** A question with the first of the examples, and the events of its answer. */
const asked = (events: readonly AskEvent[] | (() => readonly AskEvent[]), until = '#root article p'): Opening => ({
  situation: 'ready',
  page: 'try',
  async act(user, api) {
    await user.press('try_it.examples.languages');
    await stream(api, typeof events === 'function' ? events() : events);
  },
  until,
});

/** The models of this computer, in the drawer of its node. */
const memory = (act?: Opening['act']): Opening => ({ ...node('node-5C0FFEE1', act), situation: 'models_in_memory' });
/** The question about another pool, after the connection test. */
const changePool = (steps: readonly unknown[], until: string): Opening => ({
  situation: 'two_pools_remembered',
  page: 'pool',
  id: OTHER_POOLS_ID,
  answers: { 'pools.test': ok({ steps }) },
  act: (user) => user.press('pools.switch'),
  until,
});

const whenConnectionIs = (connection: ConnectionState) =>
  ({ situation: 'ready', page: 'computer', act: (_user: User, api: FakeApi) => api.emit.onConnection(connection) }) as const;

export const OPENINGS = {
  'pool-switch': changePool([], '[role="dialog"] ul'),
  'pool-switch-failed': changePool(failedSteps, '[role="dialog"] ol'),
  'node-models': memory(),
  'node-unload': memory((user) => user.press('model_action.unload')),
  'node-missed-jobs': node('node-5C0FFEE1'),
  'node-degraded': node(ALICE),
  'node-warming-up': node('node-B0B00001'),
  'node-draining': node('node-CA501234'),
  'node-offline': node('node-DA7E0F0F'),
  'node-simulated': node('node-51ABCDEF'),
  'node-busy': { ...node('node-busy-gpu'), situation: 'each_state' },
  'node-full': { ...node('node-full-1'), situation: 'each_state' },
  'node-paused': { ...node('node-paused-by-host'), situation: 'each_state' },
  'node-disconnected': { ...node('node-disconnected-1'), situation: 'each_state' },
  'node-quarantined': { ...node('node-5C0FFEE1'), situation: 'quarantined' },
  'node-failing-model': { ...node('node-5C0FFEE1'), situation: 'failing_model' },
  'node-long-reasons': { situation: 'long_reasons', page: 'nodes', id: 'node-5C0FFEE1', until: DIALOG },
  'node-drain': { ...node(ALICE, (user) => user.press('nodes.drain')), until: '[role="dialog"] select' },
  'node-quarantine': { ...node(ALICE, (user) => user.press('nodes.quarantine')), until: '[role="dialog"] textarea, [role="dialog"] input' },
  'node-remove': node(ALICE, (user) => user.press('nodes.remove')),
  'nodes-none-found': { situation: 'ready', page: 'nodes', search: 'nothing like it', until: '#root main h1' },
  'job-waiting': job('waiting'),
  'job-why-waiting': largeJob('noModel', 'h3'),
  'job-held': largeJob('held', 'table'),
  'job-why-node': largeJob('predicted', 'table'),
  'job-running': job('running'),
  'job-done': job('done', (user) => user.press('jobs.show'), '[data-job-open] pre'),
  'job-audio': job('audio'),
  'job-failed': job('failed', (user) => user.press('jobs.show_output'), '[data-job-open] pre'),
  'job-expired': job('expired'),
  'job-cancel': job('running', (user) => user.press('jobs.cancel'), DIALOG),
  'try-answer': asked(() => [...answer(), { type: 'end', finish_reason: 'stop' }], '#root article table'),
  'try-streaming': asked(answer, '#root article table'),
  'try-waiting': asked(waitingEvents(ALICE)),
  'try-failed': asked(
    () => [LOST_BEGINS, { type: 'text', text: 'Hello! 你好！ **¡Hola!**', pieces: 6 }, failedEvent()],
    '#root article strong',
  ),
  /** After a reload while the last of three chats was answered. */
  'try-chats': { situation: 'ready', page: 'try', stored: KEPT_CHATS, until: '#root article p' },
  'try-kept': { situation: 'reconnecting', page: 'try', stored: KEPT_CHATS, until: '#root article p' },
  'try-copy-as': {
    ...asked(answer, '[role="menu"]'),
    async act(user, api) {
      await user.press('try_it.examples.languages');
      await stream(api, [...answer(), { type: 'end', finish_reason: 'stop' }]);
      await user.press('connect.as');
    },
  },
  'setup-answer': {
    situation: 'first_run_ollama',
    page: 'setup',
    async act(user, api) {
      await user.press('try_it.send');
      await stream(api, [...answer(), { type: 'end', finish_reason: 'stop' }]);
    },
    until: '#root article table',
  },
  'try-forbidden': {
    situation: 'ready',
    page: 'try',
    answers: { 'pool.models': fail({ code: 'FORBIDDEN', message: '', details: null }) },
    until: '#root main h2',
  },
  'connect-key': { situation: 'ready', page: 'connect', act: (user) => user.press('connect.create_and_copy'), until: '#root main pre' },
  'connect-tested': {
    situation: 'ready',
    page: 'connect',
    async act(user, api) {
      await user.press('connect.create_and_copy');
      await until('the created key', () => (document.querySelector('#root main form') === null ? true : null));
      await user.press('connect.test');
      await stream(api, testedEvents());
    },
    until: '#root main [role="status"] p',
  },
  'connection-test': {
    situation: 'first_run',
    page: 'pool',
    async act(user) {
      await user.fill('pool.join_address', '192.168.1.20:7080');
      await user.press('pool.test');
    },
    until: '#root main h1',
  },
  'pool-stop': { situation: 'ready', page: 'pool', act: (user) => user.press('pool.stop'), until: DIALOG },
  'pool-leave': { situation: 'degraded', page: 'pool', act: (user) => user.press('pool.leave'), until: DIALOG },
  'members-revoke': members((user) => user.press('members.revoke')),
  'members-invite': members((user) => user.press('members.invite'), '[role="dialog"] fieldset'),
  'members-invited': members(async (user) => {
    await user.press('members.invite');
    await user.press('invite.create');
  }, '[role="dialog"] svg[role="img"]'),
  'members-new-key': members((user) => user.press('members.new_key'), '[role="dialog"] fieldset'),
  'members-key-made': members(async (user) => {
    await user.press('members.new_key');
    await user.fill('key_form.name', 'open-webui-2');
    await user.press('key_form.create');
  }, '[role="dialog"] code'),
  'members-audit': members((user) => user.press('members.audit'), '[role="dialog"] table'),
  ...POOL_OPENINGS,
  ...MODEL_OPENINGS,
  ...EXPLAIN_OPENINGS,
  'join-request-look-alike': joinRequests({ looks_like: 'desk-n0a', gpus: [] }),
  'join-request-approved': joinRequests({ approved: true }),
  'members-join-request': {
    situation: 'join_request',
    page: 'members',
    act: (user) => user.pressLabelled('action.close'),
    until: '#root main section a',
  },
  'nearby-comparing': nearby({}),
  'nearby-waiting': nearby({ stage: 'waiting_for_host' }),
  'nearby-busy': nearby({ stage: 'ended', digits: null, expires_at: null, outcome: 'busy', retry_after_seconds: 95 }),
  'nearby-different': nearby({ stage: 'ended', digits: null, expires_at: null, outcome: 'different' }),
  'network-checked': {
    situation: 'nearby',
    page: 'pool',
    act: (user) => user.press('network.check'),
    until: '#root main section ul code',
  },
  'settings-search': { situation: 'ready', page: 'settings', search: 'limit', until: '#root main mark' },
  'settings-pauses': { situation: 'ready', page: 'settings', id: 'pauses', until: '#root main [role="grid"]' },
  'settings-models': { situation: 'ready', page: 'settings', id: 'models', until: '#root main section b' },
  'settings-network': { situation: 'ready', page: 'settings', id: 'network', until: '#root main section b' },
  'settings-keys': { situation: 'ready', page: 'settings', id: 'keys', until: '#root main section b' },
  'settings-appearance': { situation: 'ready', page: 'settings', id: 'appearance', until: '#root main section b' },
  'settings-updates': { situation: 'ready', page: 'settings', id: 'updates', until: '#root main section b' },
  'settings-update-ready': {
    situation: 'ready',
    page: 'settings',
    id: 'updates',
    act: (_user, api) =>
      api.emit.onEvent({ type: 'update', update: { obstacle: null, phase: { state: 'ready', version: '0.2.0' }, checked_at: null } }),
    until: '#root main section b',
  },
  'settings-desktop': { situation: 'ready', page: 'settings', id: 'desktop', until: '#root main section b' },
  'settings-about': { situation: 'ready', page: 'settings', id: 'about', until: '#root main dl code' },
  'settings-refused': {
    situation: 'ready',
    page: 'settings',
    id: 'sharing',
    answers: {
      'settings.set': fail({
        code: 'SETTING_REFUSED',
        message: '',
        details: { key: 'agent.share', problem: 'file_read_only', related: null, reason: '/home/ming/.config/muster/config.toml' },
      }),
    },
    act: (user) => user.press('settings.reset'),
    until: '#root main [role="alert"]',
  },
  'settings-restart': {
    situation: 'ready',
    page: 'settings',
    id: 'network',
    act: (user) => user.press('settings.restart_now'),
    until: DIALOG,
  },
  'log-line': { situation: 'ready', page: 'logs', id: LOG_LINES[3]?.id ?? '', until: DIALOG },
  'logs-none-found': {
    situation: 'ready',
    page: 'logs',
    search: 'nothing like this',
    answers: { 'logs.read': ok({ ...LOG_PAGE, lines: [] }) },
    until: '#root main a[href*="settings"]',
  },
  diagnostics: { situation: 'ready', page: 'logs', act: (user) => user.press('logs.export'), until: '[role="dialog"] pre' },
  'connection-lost': { ...whenConnectionIs('lost'), until: '#root main [role]' },
  'program-key': { ...whenConnectionIs('forbidden'), until: 'main pre' },
  'admin-token': { ...whenConnectionIs('unauthorized'), until: 'input[type="password"]' },
  'admin-token-elsewhere': { ...whenConnectionIs('unauthorized'), situation: 'scheduler_alone', until: 'input[type="password"]' },
} as const satisfies Record<string, Opening>;

export type OpeningName = keyof typeof OPENINGS;

export const isOpeningName = (name: string): name is OpeningName => Object.hasOwn(OPENINGS, name);
