// The foot of the rail: the availability of this computer, its reason, the latency, and warnings.
import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { agentView, modelView, refused } from '../../../fixtures/app-states/agents';
import { hardwareView, lostGpu } from '../../../fixtures/app-states/gpus';
import { hostView } from '../../../fixtures/app-states/host';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { poolSummary } from '../../../fixtures/app-states/nodes';
import { agentPause, stoppingAfterJobs } from '../../../fixtures/app-states/pauses';
import { appState, failedHost, lostOwnPool, SITUATIONS } from '../../../fixtures/app-states/states';
import { asPhone } from '../support/phone';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const computer = (name = 'This computer'): HTMLElement => screen.getByRole('region', { name });

describe('this computer', () => {
  test.each<[string, AppSnapshot, string, string, string]>([
    ['available', SITUATIONS.ready(), 'available', 'Available1 of 4 slots in use', '可用任务槽位已用 1/4'],
    ['full', SITUATIONS.full(), 'full', 'Full4 of 4 slots in use', '已满任务槽位已用 4/4'],
    ['busy', SITUATIONS.busy(), 'busy', 'BusyGPU 71%, limit 25%', '繁忙GPU 71%，上限 25%'],
    ['paused', SITUATIONS.paused_by_owner(), 'paused', 'PausedUntil you resume', '已暂停直到你恢复'],
    [
      'stops after its jobs',
      SITUATIONS.stopping_after_jobs(),
      'draining',
      'DrainingStops after 2 jobs, deadline in 57 min',
      '排空中完成 2 个任务后停止，57 分钟后截止',
    ],
    [
      'stops after its jobs until a time',
      appState({ agent: { ...stoppingAfterJobs().agent, pause: agentPause({ code: 'owner', until: NOW + HOUR }) } }),
      'draining',
      'DrainingStops after 2 jobs, deadline in 57 min · Until 20:48',
      '排空中完成 2 个任务后停止，57 分钟后截止 · 到 20:48',
    ],
    ['connection lost', SITUATIONS.reconnecting(), 'waiting', 'Reconnecting', '重连中'],
    ['own pool failed', appState({ host: hostView({ state: 'failed' }), agent: lostOwnPool() }), 'refused', 'Stopped', '已停止'],
    ['own pool restarts', appState({ host: hostView({ state: 'restarting' }), agent: lostOwnPool() }), 'waiting', 'Restarting', '正在重启'],
    ['refused', SITUATIONS.id_conflict(), 'refused', 'Refused', '被拒绝'],
    ['no GPU', appState({ agent: agentView({ link: refused('NO_GPU_AVAILABLE') }) }), 'offline', 'No usable GPU', '没有可用显卡'],
    ['no role', appState({ agent: agentView({ link: refused('NOT_A_NODE') }) }), 'offline', 'Runs no jobs', '不运行任务'],
    ['own pool starts', SITUATIONS.own_pool_starting(), 'waiting', 'Pool is starting', '算力池启动中'],
    ['in no pool', SITUATIONS.first_run(), 'offline', 'Not in a pool', '未加入'],
  ])('%s: shape, state, reason; the latency of a connection; warnings', (_case, state, shape, en, zh) => {
    const { store } = show(state);
    const isConnected = state.agent?.link.state === 'connected' && state.agent.pause == null;
    expect([textOf(computer()), computer().querySelector('svg')?.getAttribute('data-shape')]).toEqual([
      `${en}${isConnected ? '4 ms' : ''}piper-zh is damaged1`,
      shape,
    ]);
    act(() => store.getState().setPreferences({ language: 'zh-CN' }));
    expect(textOf(computer('本机'))).toBe(`${zh}${isConnected ? '4 毫秒' : ''}piper-zh 已损坏1`);
  });

  test('a job ended since the last status -> the foot, the hero and the card have the number of the agent', () => {
    show(appState({ agent: agentView({ running_jobs: 3 }) }), { page: 'computer' });
    const texts = ['This computer', 'Status of this computer', 'Running'].map((name) => textOf(computer(name)));
    expect(texts.map((text) => /\d of 4(?: job)? slots in use/.exec(text)?.[0])).toEqual([
      '3 of 4 slots in use',
      '3 of 4 slots in use',
      '3 of 4 slots in use',
    ]);
  });

  test.each([
    ['en', 'Last known: Available', 'This computer'],
    ['zh-CN', '断开前：可用', '本机'],
  ] as const)('no connection to the program: old data is marked as old, in the rail and on the page (%s)', async (language, text, name) => {
    const { api } = show(SITUATIONS.ready(), { page: 'computer', language });
    const title = await screen.findByRole('heading', { level: 2, name: /^(Available|可用)/ });
    act(() => api.emit.onConnection('lost'));
    expect(computer(name).hasAttribute('data-stale')).toBe(true);
    expect(textOf(computer(name))).toContain(text);
    expect(textOf(title)).toContain(text);
    act(() => api.emit.onConnection('open'));
    expect(textOf(computer(name))).not.toContain(text);
  });

  test('warnings: each names its cause and leads to the page of the cause, the most urgent first', () => {
    const broken = ['piper-zh', 'qwen3:14b'].map((model_id) => modelView({ model_id, state: 'error' }));
    const notice = { id: 'n1', at: NOW, code: 'node_id_replaced' as const, details: {} };
    const problem = { code: 'field_invalid' as const, folder: '/models/broken', field: 'files', reason: 'missing' };
    const agent = agentView({
      hardware: hardwareView({ gpus: [lostGpu()] }),
      models: broken,
      model_problems: [problem],
      notices: [notice],
    });
    show(appState({ agent, host: failedHost(), pool: poolSummary({ mass_loss: { lost: 4, of: 6, since: NOW } }) }));
    const links = within(computer()).getAllByRole('link');
    const mark = links.pop();
    expect(links.map((link) => [textOf(link), link.getAttribute('href')])).toEqual([
      ['Port 7080 is used by ollama', '#/pool'],
      ['4 of 6 nodes lost at once', '#/nodes'],
      [`${lostGpu().name} cannot be used`, '#/gpus'],
      ['2 models are not usable', '#/models'],
      ['1 problem in the model folders', '#/models'],
      ['1 notice', '#/computer'],
    ]);
    expect([mark?.textContent, mark?.getAttribute('href')]).toEqual(['7', '#/pool']);
    expect(mark?.getAttribute('aria-label')).toMatch(/^7 warnings: Port 7080 is used by ollama; 4 of 6 nodes lost at once; /);
  });

  test('degraded because of a model -> the model as the reason, without the latency', () => {
    show(SITUATIONS.degraded());
    expect(textOf(computer())).toBe('Degradedpiper-zh is damaged1');
  });

  test('phone: the number of warnings beside the state, with its causes, leads to the first cause', () => {
    asPhone();
    show(SITUATIONS.ready());
    const mark = within(computer()).getByRole('link', { name: '1 warning: piper-zh is damaged' });
    expect([textOf(mark), mark.getAttribute('href'), mark.title]).toEqual(['1 warning', '#/models/piper-zh', 'piper-zh is damaged']);
  });

  test('no warnings -> none shown', () => {
    const agent = agentView({ models: [modelView()], notices: [], model_problems: [] });
    show(appState({ agent }));
    expect(textOf(computer())).toBe('Available1 of 4 slots in use4 ms');
  });

  test('available, and no model -> that it has none, without the shape of an available computer', () => {
    show(appState({ agent: agentView({ models: [], notices: [], model_problems: [] }) }));
    expect(textOf(computer())).toBe('Available, no model1 of 4 slots in use4 ms');
    expect(computer().querySelector('svg')?.getAttribute('data-shape')).toBe('degraded');
  });

  test('no agent -> absent', () => {
    show(SITUATIONS.scheduler_alone());
    expect(screen.queryByRole('region', { name: 'This computer' })).toBeNull();
  });
});
