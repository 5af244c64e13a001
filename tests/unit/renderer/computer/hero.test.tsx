import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fail } from '../../../../src/shared/result';
import type { AgentView } from '../../../../src/shared/api/agent-view';
import type { HostView } from '../../../../src/shared/api/app-state';
import { NODE_STATUSES } from '../../../../src/shared/protocol/status';
import { agentView, agentWith, connected, connecting, reconnecting } from '../../../fixtures/app-states/agents';
import { hostView } from '../../../fixtures/app-states/host';
import { NOW, SECOND } from '../../../fixtures/app-states/moment';
import { lateHeartbeat, modelNotReady, health, statusMessage } from '../../../fixtures/app-states/statuses';
import { appInfo, appState, failedHost, lostOwnPool } from '../../../fixtures/app-states/states';
import { show as showScreen } from '../support/render-screen';

const show: typeof showScreen = (state, options) => showScreen(state, { page: 'computer', ...options });

const hero = (name = 'Status of this computer'): HTMLElement => screen.getByRole('region', { name });
const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const shapeOf = (element: HTMLElement): string | null | undefined => element.querySelector('svg')?.getAttribute('data-shape');
const SHAPES = { registering: 'registering', ready: 'available', degraded: 'degraded', draining: 'draining', offline: 'paused' } as const;
const idle = (): AgentView => agentView({ link: { state: 'idle' }, node_status: null, registered_at: null });

describe.each([
  ['en', 'Status of this computer'],
  ['zh-CN', '本机状态'],
] as const)('in %s', (language, name) => {
  const titles = {
    en: {
      registering: 'Registering: 2 of 3 checks passed',
      ready: 'Available: 1 of 4 slots in use',
      degraded: 'Degraded: no new jobs',
      draining: 'Draining: 2 jobs left',
      offline: 'Paused: no jobs from the pool',
      idle: 'This computer is not in a pool yet',
      connecting: 'Connecting to the pool',
      reconnecting: 'Reconnecting',
      awaiting: 'Registering with the pool',
    },
    'zh-CN': {
      registering: '注册中：已通过 2/3 次检查',
      ready: '可用：任务槽位已用 1/4',
      degraded: '降级：暂不接收新任务',
      draining: '排空中：剩余 2 个任务',
      offline: '已暂停：不接收算力池的任务',
      idle: '本机尚未加入算力池',
      connecting: '正在连接算力池',
      reconnecting: '正在重新连接',
      awaiting: '正在向算力池注册',
    },
  }[language];

  test.each(NODE_STATUSES)('a node that is %s has its own shape and sentence', (status) => {
    show(appState({ agent: agentWith(status) }), { language });
    expect(within(hero(name)).getByRole('heading').textContent.trim()).toBe(titles[status]);
    expect(shapeOf(hero(name))).toBe(SHAPES[status]);
    expect(textOf(hero(name))).toContain('192.168.1.20:7080');
    expect(textOf(hero(name))).not.toContain('not shown');
  });

  test.each([
    ['idle', idle(), 'offline'],
    ['connecting', agentView({ link: connecting, node_status: null }), 'waiting'],
    ['awaiting', agentView({ link: connected, node_status: null }), 'waiting'],
    ['reconnecting', agentView({ link: reconnecting }), 'waiting'],
  ] as const)('link %s -> its own shape and sentence', (kind, agent, shape) => {
    show(appState({ agent }), { language });
    expect(within(hero(name)).getByRole('heading').textContent.trim()).toBe(titles[kind]);
    expect(shapeOf(hero(name))).toBe(shape);
  });
});

describe('hero: connected', () => {
  test('source and age of the status; clock tick -> age increases', () => {
    const { advance } = show(appState());
    expect(textOf(hero())).toMatch(/Since \d\d:\d\d · confirmed just now by 192\.168\.1\.20:7080/);
    advance(70 * SECOND);
    expect(textOf(hero())).toContain('confirmed 1 min ago');
  });

  test('scheduler on this computer -> named as such', () => {
    show(appState({ agent: agentView({ link: { ...connected, scheduler_url: 'ws://127.0.0.1:7080/' } }) }));
    expect(textOf(hero())).toContain('by the scheduler on this computer (127.0.0.1:7080)');
  });

  test('failed checks -> texts with numbers from the details, without the codes', () => {
    const message = statusMessage('degraded', {
      health: health({ ok: false, failed_checks: [lateHeartbeat, modelNotReady], window: [false, false, false], failures_in_window: 3 }),
    });
    show(appState({ agent: agentView({ node_status: { received_at: NOW, message } }) }));
    expect(
      within(hero())
        .getAllByRole('listitem')
        .map((item) => textOf(item)),
    ).toEqual(['Heartbeat late: 12 s late, 45 s allowed', 'Model not ready: the pool requires piper-zh (damaged)']);
  });

  test('warm-up -> remaining time, second by second', () => {
    const { advance } = show(appState({ agent: agentWith('registering') }));
    expect(textOf(hero())).toContain('Time limit: 52 s.');
    advance(2 * SECOND);
    expect(textOf(hero())).toContain('Time limit: 50 s.');
    advance(60 * SECOND);
    expect(textOf(hero())).toContain('The warm-up time is over. The next health check decides the status.');
  });

  test('unknown reason -> its code', () => {
    const message = statusMessage('degraded', { reason_code: 'solar_flare' });
    show(appState({ agent: agentView({ node_status: { received_at: NOW, message } }) }));
    expect(textOf(hero())).toContain('solar_flare');
  });
});

test('degraded by a damaged model: what to do; the row of the model; checks with state, value and a link to their page', () => {
  show(appState({ agent: agentWith('degraded') }));
  expect(textOf(hero())).toContain('Replace the damaged files, or delete them and install the model again. Then check again.');
  expect(textOf(screen.getByRole('main'))).toContain('wrong checksum: piper-zh.onnx · the pool requires it');
  const checks = within(within(hero()).getByRole('navigation', { name: 'Checks' })).getAllByRole('link');
  expect(checks.map((check) => [textOf(check), check.getAttribute('href')])).toEqual([
    ['GPU: done2 usable', '#/gpus'],
    ['Driver: done580.159.03', '#/gpus'],
    ['Models: needs attention3 of 5 ready, 1 damaged', '#/models'],
    ['Pool: done4 ms', '#/pool'],
    ['Health: failed1 failed check', '#/nodes/node-5C0FFEE1'],
  ]);
});

describe('hero: reconnecting', () => {
  test('last confirmed status with its age, and not "offline"', () => {
    const agent = agentView({ link: reconnecting, node_status: { received_at: NOW - 42 * SECOND, message: statusMessage('ready') } });
    const { advance } = show(appState({ agent }));
    expect(textOf(hero())).toContain('Last confirmed status: Available, 40 s ago');
    expect(textOf(hero())).toContain(
      'Cause: nothing listens on that port; the scheduler may not be running. Next attempt in 8 s (attempt 4).',
    );
    expect([screen.getByRole('main'), screen.getByRole('region', { name: 'This computer' })].map(textOf).join()).not.toMatch(/offline/i);
    advance(3 * SECOND);
    expect(textOf(hero())).toContain('Last confirmed status: Available, 45 s ago');
    expect(textOf(hero())).toContain('Next attempt in 5 s');
    advance(60 * SECOND);
    expect(textOf(hero())).toContain('Trying now (attempt 4).');
  });

  test.each([
    ['closed_4004', 'the scheduler received no heartbeat in time'],
    ['http_502', 'the server responded with HTTP 502'],
    ['INTERNAL_ERROR', 'The scheduler had an internal error'],
    ['moon_phase', 'moon_phase'],
  ])('cause %s -> %s', (cause, text) => {
    show(appState({ agent: agentView({ link: { ...reconnecting, cause } }) }));
    expect(textOf(hero())).toContain(`Cause: ${text}.`);
  });

  test('no confirmed status yet -> text shown', () => {
    show(appState({ agent: agentView({ link: reconnecting, node_status: null }) }));
    expect(textOf(hero())).toContain('No status received on this connection yet.');
  });
});

describe('hero: the own scheduler does not run', () => {
  const agent = lostOwnPool();
  const failed = (change: Partial<HostView> = {}) => hostView({ ...failedHost(), state: 'failed', next_restart_at: null, ...change });

  test.each([
    ['en', 'Status of this computer', 'Your pool cannot start: port 7080 is used by ollama', '3 starts failed.', 'Start again'],
    ['zh-CN', '本机状态', '你的算力池无法启动：端口 7080 被 ollama 占用', '已有 3 次启动失败。', '重新启动'],
  ] as const)('%s: failed -> the reason, and starts again as it was shared', async (language, name, title, reason, button) => {
    const { api } = show(appState({ agent, host: failed({ scope: 'lan' }) }), { language });
    expect([within(hero(name)).getByRole('heading').textContent.trim(), shapeOf(hero(name))]).toEqual([title, 'refused']);
    expect(textOf(hero(name))).toContain(reason);
    expect(textOf(hero(name))).not.toContain('nothing listens');
    await userEvent.click(within(hero(name)).getByRole('button', { name: button }));
    expect(api.userCalls).toEqual([{ name: 'host.start', params: { scope: 'lan' } }]);
  });

  test('cannot start -> the cause, the time of the next start, no button', () => {
    const { advance } = show(appState({ agent, host: failedHost() }));
    expect(within(hero()).getByRole('heading').textContent.trim()).toBe('Your pool cannot start: port 7080 is used by ollama');
    expect(shapeOf(hero())).toBe('degraded');
    advance(3 * SECOND);
    expect(textOf(hero())).toContain('Next attempt in 5 s.');
    expect(within(hero()).queryAllByRole('button', { name: 'Start again' })).toEqual([]);
    expect(within(hero()).getByRole('link', { name: 'Change the port…' }).getAttribute('href')).toBe('#/settings?search=server.port');
    expect(within(hero()).getByRole('link', { name: 'Go to Pool' }).getAttribute('href')).toBe('#/pool');
  });

  test('first start failed -> the same; start fails again -> its error', async () => {
    const { api } = show(appState({ agent: idle(), host: failed() }));
    api.answer('host.start', fail({ code: 'NOT_AVAILABLE_HERE', message: 'm', details: null }));
    await userEvent.click(within(hero()).getByRole('button', { name: 'Start again' }));
    expect(textOf(within(hero()).getByRole('alert'))).toContain('Not available in this mode');
  });

  test('in the pool of another computer -> the state of its link', () => {
    show(appState({ agent: agentView({ link: reconnecting }), host: failed() }));
    expect(within(hero()).getByRole('heading').textContent.trim()).toBe('Reconnecting');
  });
});

describe('hero: buttons', () => {
  test.each([
    ['Check again', agentWith('degraded'), 'agent.recheck'],
    ['Try now', agentView({ link: reconnecting }), 'agent.recheck'],
  ] as const)('%s calls the operation, also from the keyboard', async (label, agent, operation) => {
    const { api } = show(appState({ agent }));
    const button = within(hero()).getByRole('button', { name: label });
    button.focus();
    await userEvent.keyboard('{Enter}');
    expect(api.userCalls).toEqual([{ name: operation, params: {} }]);
  });

  test('operation fails -> the error is shown, the status stays', async () => {
    const { api } = show(appState());
    api.answer('agent.pause', fail({ code: 'NOT_AVAILABLE_HERE', message: 'm', details: null }));
    await userEvent.click(screen.getByRole('button', { name: 'Stop after current jobs' }));
    expect(textOf(screen.getByRole('alert'))).toContain('Not available in this mode');
    expect(within(hero()).getByRole('heading').textContent.trim()).toBe('Available: 1 of 4 slots in use');
  });

  test('first run -> start a pool, join a pool', async () => {
    const { api } = show(appState({ agent: idle() }));
    await userEvent.click(screen.getByRole('button', { name: 'Start and share' }));
    await userEvent.click(screen.getByRole('button', { name: 'Only on this computer' }));
    expect(api.userCalls.map(({ params }) => params)).toEqual([{ scope: 'lan' }, { scope: 'this_computer' }]);
    expect(within(hero()).getByRole('link', { name: 'Join a pool' }).getAttribute('href')).toBe('#/pool');
  });

  test('program cannot host or join -> no buttons', () => {
    show(appState({ agent: idle(), host: null, app: appInfo({ can_host: false, can_join: false }) }));
    expect(within(hero()).queryAllByRole('button')).toEqual([]);
    expect(within(hero()).queryByRole('link', { name: 'Join a pool' })).toBeNull();
  });
});

test('live region: status change announced once, ticks not', () => {
  const { api, advance } = show(appState({ agent: agentWith('registering') }));
  const live = screen.getByRole('status', { name: 'Status of this computer' });
  expect([live.getAttribute('aria-live'), live.textContent]).toEqual(['polite', 'Registering']);
  advance(5 * SECOND);
  expect(live.textContent).toBe('Registering');
  act(() => api.emit.onEvent({ type: 'agent', agent: agentWith('ready') }));
  expect(live.textContent).toBe('Available');
});

test('simulated GPU -> marked in the hero, and at the foot of the rail', () => {
  show(appState({ agent: { ...agentView({ simulated: true }), hardware: null } }));
  expect(within(hero()).getByText('Simulated GPU')).toBeTruthy();
  expect(within(screen.getByRole('region', { name: 'This computer' })).getByText('Simulated GPU')).toBeTruthy();
});
