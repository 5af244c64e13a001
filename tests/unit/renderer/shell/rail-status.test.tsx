// The foot of the rail: the availability of this computer, and the counts of the ready nodes of the pool.
import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { nodeView } from '../../../fixtures/app-states/nodes';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const computer = (name = 'This computer'): HTMLElement => screen.getByRole('region', { name });
const countsOf = (part: HTMLElement): (readonly [string, string | null])[] =>
  within(part)
    .queryAllByRole('link')
    .map((link) => [textOf(link), link.getAttribute('href')]);

describe('this computer', () => {
  test.each<[string, AppSnapshot, string, string, string]>([
    ['available', SITUATIONS.ready(), 'available', 'Available1 of 4 slots in use', '可用任务槽位已用 1/4'],
    ['full', SITUATIONS.full(), 'full', 'Full4 of 4 slots in use', '已满任务槽位已用 4/4'],
    ['busy', SITUATIONS.busy(), 'busy', 'BusyGPU 71%, limit 25%', '繁忙显卡 71%，上限 25%'],
    ['paused', SITUATIONS.paused_by_owner(), 'paused', 'PausedYou stopped sharing', '已暂停你停止了共享'],
    ['connection lost', SITUATIONS.reconnecting(), 'waiting', 'Reconnecting', '重连中'],
    ['refused', SITUATIONS.id_conflict(), 'refused', 'Refused', '被拒绝'],
    ['in no pool', SITUATIONS.first_run(), 'offline', 'Not in a pool', '未加入'],
  ])('%s: shape, state, reason; the Overview icon has the same shape', (_case, state, shape, en, zh) => {
    const { store } = show(state);
    expect([textOf(computer()), computer().querySelector('svg')?.getAttribute('data-shape')]).toEqual([`This computer${en}`, shape]);
    expect(screen.getByTitle('Overview').querySelector('[data-shape]')?.getAttribute('data-shape')).toBe(shape);
    act(() => store.getState().setPreferences({ language: 'zh-CN' }));
    expect(textOf(computer('本机'))).toBe(`本机${zh}`);
  });

  test('old data is marked as old', () => {
    const { api } = show(SITUATIONS.ready());
    act(() => api.emit.onConnection('lost'));
    expect(computer().hasAttribute('data-stale')).toBe(true);
  });

  test('no agent -> absent', () => {
    show(SITUATIONS.scheduler_alone());
    expect(screen.queryByRole('region', { name: 'This computer' })).toBeNull();
  });
});

describe('nodes of the pool', () => {
  const pool = (name = 'Ready nodes of the pool'): HTMLElement => screen.getAllByRole('region', { name })[0] ?? expect.fail();

  test.each([
    ['en', 'Ready nodes of the pool', '42 of 48 nodes ready', ['Available 29', 'Full 6', 'Busy 7']],
    ['zh-CN', '算力池的就绪节点', '42/48 个节点就绪', ['可用 29', '已满 6', '繁忙 7']],
  ] as const)('%s: counts of the ready nodes, each with a link to these nodes', (language, label, ready, texts) => {
    show(SITUATIONS.mixed_pool(), { language });
    expect(textOf(pool(label))).toContain(ready);
    expect(countsOf(pool(label))).toEqual([
      [texts[0], '#/nodes?state=available'],
      [texts[1], '#/nodes?state=full'],
      [texts[2], '#/nodes?state=busy'],
    ]);
  });

  test('in the status bar of narrow windows as well', () => {
    show(SITUATIONS.mixed_pool());
    expect(countsOf(within(screen.getByRole('contentinfo')).getByRole('group', { name: 'Ready nodes of the pool' }))).toHaveLength(3);
  });

  test('a state without nodes is absent; no ready node -> 0', () => {
    show(hosting({ nodes: [nodeView('offline')], agent: null }));
    expect(textOf(pool())).toBe('0 of 1 node ready');
  });

  test.each<[string, AppSnapshot]>([
    ['this computer is the only node', SITUATIONS.busy()],
    ['the pool has no nodes', hosting({ nodes: [] })],
    ['the program operates no pool', SITUATIONS.busy_memory()],
  ])('%s -> absent', (_case, state) => {
    show(state);
    expect(screen.queryByRole('region', { name: 'Ready nodes of the pool' })).toBeNull();
  });
});
