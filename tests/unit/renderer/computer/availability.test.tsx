// The availability of this computer on the Overview page: the sentence, the reasons with numbers and limits, and the load card.
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { LIMIT_SOURCES } from '../../../../src/shared/protocol/status';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { allSlots, availability, busy, overLoad } from '../../../fixtures/app-states/availability';
import { gpuView, hardwareView, unknown } from '../../../fixtures/app-states/gpus';
import { NOW } from '../../../fixtures/app-states/moment';
import { busyGpu } from '../../../fixtures/app-states/node-states';
import { settingsView } from '../../../fixtures/app-states/settings';
import { statusMessage } from '../../../fixtures/app-states/statuses';
import { appState, SITUATIONS } from '../../../fixtures/app-states/states';
import { show as showScreen } from '../support/render-screen';

const show: typeof showScreen = (state, options) => showScreen(state, { page: 'computer', ...options });

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const hero = (name = 'Status of this computer'): HTMLElement => screen.getByRole('region', { name });
const titleOf = (element: HTMLElement): string => textOf(within(element).getByRole('heading', { level: 2 })).trim();
const loadCard = (): HTMLElement => screen.getByRole('region', { name: 'When jobs may start' });

describe('hero: the sentence begins with the state, and has its number', () => {
  test.each<[string, AppSnapshot, string, string, string]>([
    ['available', SITUATIONS.ready(), 'available', 'Available: 1 of 4 slots in use', '可用：任务槽位已用 1/4'],
    ['full', SITUATIONS.full(), 'full', 'Full: 4 of 4 slots in use', '已满：任务槽位已用 4/4'],
    ['busy, GPU', SITUATIONS.busy(), 'busy', 'Busy: you use 71% of the GPU, limit 25%', '繁忙：你占用了 71% 的 GPU，上限 25%'],
    [
      'busy, two loads over their limits',
      SITUATIONS.busy_host_limit(),
      'busy',
      'Busy: CPU 83%, limit 50%; GPU 38%, limit 25% (pool limits)',
      '繁忙：CPU 83%（上限 50%）；GPU 38%（上限 25%），均由算力池设置',
    ],
    [
      'busy, a limit of the pool',
      appState({ agent: busyGpu('scheduler').agent }),
      'busy',
      'Busy: you use 71% of the GPU, the pool’s limit is 25%',
      '繁忙：你占用了 71% 的 GPU，算力池的上限为 25%',
    ],
    ['busy, memory', SITUATIONS.busy_memory(), 'busy', 'Busy: 98% of memory in use, limit 90%', '繁忙：内存已用 98%，上限 90%'],
    ['paused by its owner', SITUATIONS.paused_by_owner(), 'paused', 'Paused until you resume', '已暂停，直到你恢复'],
    [
      'paused by a rule',
      SITUATIONS.paused_by_full_screen(),
      'paused',
      'Paused: full-screen program (Factorio)',
      '已暂停：有全屏程序（Factorio）',
    ],
    [
      'paused by the schedule',
      SITUATIONS.paused_by_schedule(),
      'paused',
      'Paused: outside its schedule, until Nov 24, 00:48',
      '已暂停：不在共享时段，11月24日 00:48 恢复共享',
    ],
    ['quarantined', SITUATIONS.quarantined(), 'paused', 'Paused: quarantined by an operator', '已暂停：被管理员隔离'],
    ['stopping after its jobs', SITUATIONS.stopping_after_jobs(), 'draining', 'Draining: 2 jobs left', '排空中：剩余 2 个任务'],
    ['paused by an operator', SITUATIONS.paused_by_host(), 'paused', 'Paused: drained by an operator', '已暂停：由管理员排空'],
    ['paused, source not known', SITUATIONS.drained(), 'paused', 'Paused: no jobs from the pool', '已暂停：不接收算力池的任务'],
    ['older scheduler', SITUATIONS.older_scheduler(), 'available', 'Available: 1 of 4 slots in use', '可用：任务槽位已用 1/4'],
  ])('%s', (_case, state, shape, en, zh) => {
    const english = show(state);
    expect([titleOf(hero()), hero().querySelector('svg')?.getAttribute('data-shape')]).toEqual([en, shape]);
    act(() => english.store.getState().setPreferences({ language: 'zh-CN' }));
    expect(titleOf(hero('本机状态'))).toBe(zh);
  });

  test.each([
    ['less memory available than needed', overLoad({ available_memory_gb: 1.3 }), 'Busy: 1.3 GB of memory available, 2 GB needed'],
    ['no load reported', overLoad(null), 'Busy: no load reported yet'],
  ])('%s', (_case, reason, title) => {
    const message = statusMessage('ready', { availability: busy(reason) });
    show(appState({ agent: agentView({ node_status: { received_at: NOW, message } }) }));
    expect(titleOf(hero())).toBe(title);
  });
});

test('hero: full with fewer slots than the owner set -> the slots in use now, and how more open', () => {
  const slots = { in_flight_jobs: 4, max_concurrent_jobs: 16, usable_slots: 4 };
  const message = statusMessage('ready', { availability: availability('full', [allSlots(4)]), ...slots });
  show(appState({ agent: agentView({ node_status: { received_at: NOW, message } }) }));
  expect(titleOf(hero())).toBe('Full: 4 of 4 slots in use');
  expect(textOf(hero())).toContain('You set 16 job slots. The pool uses one more after each successful job.');
});

test('hero: the owner stops this computer while jobs run -> the jobs end first, then it is paused', () => {
  show(SITUATIONS.stopping_after_jobs());
  expect(textOf(hero())).toContain(
    'This computer finishes its jobs and gets no new ones. Deadline in 57 min. This computer is then paused until you resume.',
  );
});

describe('hero: busy', () => {
  const SET_BY = {
    owner: 'You set this limit.',
    scheduler: 'An operator of the pool set this limit.',
    default: 'This is the default limit.',
  } as const;

  test.each(LIMIT_SOURCES.filter((source) => source !== 'own_pool'))('limit of the %s -> end of the state, source, setting', (source) => {
    // A reader without the right to change settings.
    const answers = { 'settings.list': fail({ code: 'FORBIDDEN', message: '', details: null }) };
    show(appState({ agent: busyGpu(source).agent }), { answers });
    expect(textOf(hero())).toContain(`GPU: jobs start again when your use is below 25%. ${SET_BY[source]}`);
    expect(textOf(hero())).toContain('The limits are set in Settings, Sharing.');
    expect(textOf(hero())).toMatch(/Since \d\d:\d\d · confirmed just now by 192\.168\.1\.20:7080/);
  });

  test('the owner -> a link to the limits, which are also on the same page', async () => {
    show(SITUATIONS.busy_owner_limit(), { answers: { 'settings.list': ok(settingsView()) } });
    expect((await within(hero()).findByRole('link', { name: 'Change the limit' })).getAttribute('href')).toBe('#/settings/sharing');
    expect(screen.getByRole('region', { name: 'When jobs may start' })).toBeTruthy();
    expect(screen.queryByText('If you choose a limit, yours counts instead.')).toBeNull();
  });

  test('the owner, limit of the pool -> what changes it', async () => {
    show(SITUATIONS.busy_host_limit(), { answers: { 'settings.list': ok(settingsView()) } });
    expect(await within(hero()).findByText('If you choose a limit, yours counts instead.')).toBeTruthy();
  });

  test('two loads over their limits -> both; the owner may set other limits', async () => {
    show(SITUATIONS.busy_host_limit(), { answers: { 'settings.list': ok(settingsView()) } });
    expect(await within(hero()).findByText('If you choose a limit, yours counts instead.')).toBeTruthy();
    expect(within(hero()).getAllByRole('listitem').map(textOf)).toEqual([
      'CPU: jobs start again when your use is below 50%. An operator of the pool set this limit.',
      'GPU: jobs start again when your use is below 25%. An operator of the pool set this limit.',
    ]);
  });

  test('a node that runs jobs of the pool is full or available, never busy', () => {
    show(SITUATIONS.full());
    expect(textOf(screen.getByRole('main'))).not.toMatch(/busy: you|other work/i);
  });
});

test('paused by an operator -> the drain with its note', () => {
  show(SITUATIONS.paused_by_host());
  expect(textOf(hero())).toContain('Drain requested by an operator 26 min ago.Note: driver update');
  expect(textOf(hero())).toContain('You share this computer, but it gets no jobs until the drain ends.');
  expect(textOf(screen.getByRole('region', { name: 'This computer' }))).toContain('PausedDrained by an operator: driver update');
});

/** The control of the owner. */
const SHARING = ['Share', 'Stop after current jobs', 'Pause'];

describe('quarantined', () => {
  const buttons = (): string[] =>
    within(hero())
      .queryAllByRole('button')
      .map((button) => button.textContent);

  test('where the program operates the pool -> an action releases the node', async () => {
    const { api } = show(SITUATIONS.quarantined());
    expect(buttons()).toEqual(['Release', ...SHARING]);
    await userEvent.click(within(hero()).getByRole('button', { name: 'Release' }));
    expect(api.userCalls).toEqual([{ name: 'pool.release', params: { node_id: 'node-5C0FFEE1' } }]);
  });

  test('in the pool of someone else -> no action of an operator', () => {
    show(appState({ agent: SITUATIONS.quarantined().agent }));
    expect(titleOf(hero())).toBe('Paused: quarantined by an operator');
    // The note of the operator stands once.
    expect(textOf(hero())).toContain('answers are wrong');
    expect(textOf(hero())).toContain('You share this computer. It gets jobs again after the release.');
    expect(textOf(screen.getByRole('region', { name: 'This computer' }))).not.toContain('answers are wrong');
    expect(buttons()).toEqual(SHARING);
  });
});

test('foot of the rail: state, then its reason with the number', () => {
  show(SITUATIONS.busy());
  expect(textOf(screen.getByRole('region', { name: 'This computer' }))).toMatch(/^BusyGPU 71%, limit 25%4 ms/);
});

test('live region: a change of the state is announced, a change of a number is not', () => {
  const withLoad = (percent: number) => {
    const message = statusMessage('ready', { availability: busy(overLoad({ gpu_percent: percent })) });
    return agentView({ node_status: { received_at: NOW, message } });
  };
  const { api } = show(appState({ agent: withLoad(71) }));
  const live = screen.getByRole('status', { name: 'Status of this computer' });
  expect(live.textContent).toBe('Busy');
  act(() => api.emit.onEvent({ type: 'agent', agent: withLoad(64) }));
  expect(live.textContent).toBe('Busy');
  act(() => api.emit.onEvent({ type: 'agent', agent: agentView() }));
  expect(live.textContent).toBe('Available');
});

describe('load card', () => {
  const figures = (): string[] =>
    within(loadCard())
      .getAllByRole('img')
      .map((bar) => bar.getAttribute('aria-label') ?? '')
      .map((label) => label.replaceAll('\u00a0', ' '));

  test('shares of owner and pool, limit with its source, result', () => {
    show(SITUATIONS.busy_host_limit());
    expect(figures()).toEqual(['CPU: You 83% · Pool 9%', 'GPU: You 38% · Pool 46%', 'Memory: In use 61%']);
    expect(textOf(loadCard())).toContain('Limit 50%, set by an operatorLimit reached');
    expect(textOf(loadCard())).toContain('Limit 90%, set by an operatorBelow the limit');
  });

  test('a full node: the load of the pool is not judged', () => {
    show(SITUATIONS.full());
    expect(figures()).toEqual(['CPU: You 9% · Pool 29%', 'GPU: You 3% · Pool 91%', 'Memory: In use 61%']);
    expect(textOf(loadCard())).not.toContain('Limit reached');
  });

  test('own pool -> no limit', () => {
    show(SITUATIONS.own_pool());
    expect(textOf(loadCard())).toContain('No limit, this pool has one node');
    expect(textOf(loadCard())).not.toContain('Below the limit');
  });

  test('owner load not measured -> the total, not divided', () => {
    const hardware = hardwareView({ owner_cpu_percent: null, owner_gpu_percent: null });
    show(appState({ agent: agentView({ hardware }) }));
    expect(figures()).toEqual(['CPU: In use 34%', 'GPU: In use 62%', 'Memory: In use 61%']);
    expect(textOf(loadCard())).not.toContain('Only your own use');
  });

  test('unknown load -> a dash, never 0', () => {
    const hardware = hardwareView({ cpu_percent: null, mem_percent: null, gpus: [gpuView({ utilization_percent: unknown() })] });
    show(appState({ agent: agentView({ hardware }) }));
    expect(figures()).toEqual(['CPU: not reported', 'GPU: not reported', 'Memory: not reported']);
  });

  test('no connection before the first report -> limits not reported; later the last ones', () => {
    const state = SITUATIONS.reconnecting();
    show({ ...state, agent: state.agent && { ...state.agent, node_status: null } });
    expect(textOf(loadCard())).toContain('Limit not reported');
    cleanup();
    show(state);
    expect(textOf(loadCard())).toContain('Limit 25%');
    expect(textOf(loadCard())).not.toContain('Limit not reported');
  });
});
