// The foot of the rail: the availability of this computer, its reason, the latency, and warnings.
import { act, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { agentView, refused } from '../../../fixtures/app-states/agents';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { agentPause, stoppingAfterJobs } from '../../../fixtures/app-states/pauses';
import { appState, SITUATIONS } from '../../../fixtures/app-states/states';
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
      'DrainingStops after 2 jobs, 57 min',
      '排空中完成 2 个任务后停止，最多 57 分钟',
    ],
    [
      'stops after its jobs until a time',
      appState({ agent: { ...stoppingAfterJobs().agent, pause: agentPause({ code: 'owner', until: NOW + HOUR }) } }),
      'draining',
      'DrainingStops after 2 jobs, 57 min · Until 20:48',
      '排空中完成 2 个任务后停止，最多 57 分钟 · 到 20:48',
    ],
    ['connection lost', SITUATIONS.reconnecting(), 'waiting', 'Reconnecting', '重连中'],
    ['refused', SITUATIONS.id_conflict(), 'refused', 'Refused', '被拒绝'],
    ['no GPU', appState({ agent: agentView({ link: refused('NO_GPU_AVAILABLE') }) }), 'offline', 'No usable GPU', '没有可用显卡'],
    ['in no pool', SITUATIONS.first_run(), 'offline', 'Not in a pool', '未加入'],
  ])('%s: shape, state, reason; the latency of a connection; warnings', (_case, state, shape, en, zh) => {
    const { store } = show(state);
    const isConnected = state.agent?.link.state === 'connected';
    expect([textOf(computer()), computer().querySelector('svg')?.getAttribute('data-shape')]).toEqual([
      `${en}${isConnected ? '4 ms' : ''}1 warning`,
      shape,
    ]);
    act(() => store.getState().setPreferences({ language: 'zh-CN' }));
    expect(textOf(computer('本机'))).toBe(`${zh}${isConnected ? '4 毫秒' : ''}1 条警告`);
  });

  test('a job ended since the last status -> the foot, the hero and the card have the number of the agent', () => {
    show(appState({ agent: agentView({ running_jobs: 3 }) }), { page: 'computer' });
    const texts = ['This computer', 'Status of this computer', 'Running'].map((name) => textOf(computer(name)));
    expect(texts.map((text) => /\d of 4(?: job)? slots in use/.exec(text)?.[0])).toEqual([
      '3 of 4 slots in use',
      '3 of 4 job slots in use',
      '3 of 4 slots in use',
    ]);
  });

  test('old data is marked as old', () => {
    const { api } = show(SITUATIONS.ready());
    act(() => api.emit.onConnection('lost'));
    expect(computer().hasAttribute('data-stale')).toBe(true);
  });

  test('no warnings -> none shown', () => {
    const agent = agentView({ models: [], notices: [], model_problems: [] });
    show(appState({ agent }));
    expect(textOf(computer())).toBe('Available1 of 4 slots in use4 ms');
  });

  test('no agent -> absent', () => {
    show(SITUATIONS.scheduler_alone());
    expect(screen.queryByRole('region', { name: 'This computer' })).toBeNull();
  });
});
