// The tray in each situation of the gallery: what its icon, tooltip and menu show.
import { describe, expect, test } from 'vitest';
import { TRAY_SHAPES, TRAY_SIZES_PX, trayImageOf } from '../../../../src/main/desktop/core/tray-sheet';
import { type TrayItem, trayView } from '../../../../src/main/desktop/core/tray-view';
import { en } from '../../../../src/renderer/i18n/en/index';
import { loadTexts } from '../../../../src/renderer/i18n/texts';
import { zhCn } from '../../../../src/renderer/i18n/zh-cn/index';
import { availabilityReason } from '../../../../src/renderer/labels/availability-labels';
import { stateOf } from '../../../../src/shared/api/app-state';
import { ownStatusOf } from '../../../../src/shared/api/own-status';
import { NOW } from '../../../fixtures/app-states/moment';
import { type Situation, SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../../renderer/support/labels';
import { SHAPES, SIZES_PX } from '../../../../scripts/tray-icons.mjs';

const viewOf = (situation: Situation, language: 'en' | 'zh' = 'en') => trayView(stateOf(SITUATIONS[situation]()), NOW, language);

test.each<[Situation, string, string, string]>([
  ['first_run', 'none', 'Muster: not in a pool', 'Muster：未加入算力池'],
  ['own_pool_starting', 'registering', 'Muster: pool starts', 'Muster：算力池正在启动'],
  ['connecting', 'registering', 'Muster: connecting', 'Muster：连接中'],
  ['registering', 'registering', 'Muster: registering, 2 of 3 checks', 'Muster：注册中，已通过 2/3 次检查'],
  ['ready', 'available', 'Muster: available, 1 of 4 slots in use', 'Muster：可用，任务槽位已用 1/4'],
  ['full', 'full', 'Muster: full, 4 of 4 slots in use', 'Muster：已满，任务槽位已用 4/4'],
  ['busy_owner_limit', 'busy', 'Muster: busy, GPU 71%, limit 25%', 'Muster：繁忙，GPU 71%，上限 25%'],
  ['busy_memory', 'busy', 'Muster: busy, memory 98%, limit 90%', 'Muster：繁忙，内存 98%，上限 90%'],
  ['paused_by_owner', 'paused', 'Muster: paused, until you resume', 'Muster：已暂停，直到你恢复'],
  ['paused_by_full_screen', 'paused', 'Muster: paused, full-screen program (Factorio)', 'Muster：已暂停，有全屏程序（Factorio）'],
  ['paused_by_host', 'paused', 'Muster: paused, drained by an operator', 'Muster：已暂停，由管理员排空'],
  ['draining', 'draining', 'Muster: draining, 2 jobs left', 'Muster：排空中，剩余 2 个任务'],
  ['degraded', 'degraded', 'Muster: degraded, model not ready', 'Muster：降级，模型未就绪'],
  ['quarantined', 'paused', 'Muster: paused, quarantined by an operator', 'Muster：已暂停，被管理员隔离'],
  ['host_stopped', 'refused', 'Muster: pool stopped', 'Muster：算力池已停止'],
  ['host_failed', 'disconnected', 'Muster: pool restarts', 'Muster：算力池正在重启'],
  ['reconnecting', 'disconnected', 'Muster: disconnected, the pool does not answer', 'Muster：已断开，算力池没有响应'],
  ['no_gpu', 'none', 'Muster: no usable GPU', 'Muster：没有可用的显卡'],
  ['id_conflict', 'refused', 'Muster: refused, the pool refuses this computer', 'Muster：被拒绝，算力池拒绝了本机'],
])('tray: %s -> %s', (situation, icon, en, zh) => {
  expect(viewOf(situation)).toMatchObject({ icon, tooltip: en });
  expect(viewOf(situation, 'zh').tooltip).toBe(zh);
});

test('tray: available without a model -> says so, in the words of the window', () => {
  const { agent, host } = stateOf(SITUATIONS.ready());
  if (agent === null) throw new Error('no agent');
  const state = { agent: { ...agent, models: [] }, host };
  expect(trayView(state, NOW, 'en')).toMatchObject({ icon: 'degraded', tooltip: `Muster: ${en.rail.no_model.toLowerCase()}` });
  expect(trayView(state, NOW, 'zh').tooltip).toBe(`Muster：${zhCn.rail.no_model}`);
});

describe.each([
  ['en', 'en'],
  ['zh', 'zh-CN'],
] as const)('tray in %s', (language, languageOfWindow) => {
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ').toLowerCase();

  test.each(['registering', 'ready', 'full', 'busy_owner_limit', 'busy_memory', 'paused_by_host', 'quarantined'] as const)(
    'reason of %s: in the words of the window',
    async (situation) => {
      await loadTexts(languageOfWindow);
      const { agent } = SITUATIONS[situation]();
      const status = agent === null ? null : ownStatusOf(agent);
      if (status === null) throw new Error('the computer is not connected');
      // The window adds the note of an operator, and further loads.
      const [reason = ''] = availabilityReason(labelsIn(languageOfWindow), status, NOW).split(/[:：;；]/);
      expect(plain(viewOf(situation, language).tooltip)).toContain(plain(reason));
    },
  );
});

test('tray: program that opens -> no badge, and only opening and quitting is possible', () => {
  const { icon, menu } = trayView(null, NOW, 'en');
  expect(icon).toBe('none');
  expect(enabled(menu)).toEqual(['open', 'settings', 'quit']);
});

describe('menu', () => {
  test.each<[Situation, string[]]>([
    ['first_run', []],
    ['no_gpu', []],
    ['id_conflict', []],
    ['host_stopped', []],
    ['host_failed', []],
    ['ready', ['stop', 'pause_hour', 'pause_tomorrow', 'pause_open']],
    ['reconnecting', ['stop', 'pause_hour', 'pause_tomorrow', 'pause_open']],
    ['paused_by_owner', ['share', 'pause_hour', 'pause_tomorrow', 'pause_open']],
    ['paused_by_full_screen', ['share', 'pause_hour', 'pause_tomorrow', 'pause_open']],
    ['stopping_after_jobs', ['share', 'pause_hour', 'pause_tomorrow', 'pause_open']],
  ])('%s -> enabled: %s', (situation, actions) => {
    expect(enabled(viewOf(situation).menu)).toEqual([...actions, 'open', 'settings', 'quit']);
  });

  test.each([
    ['first_run', 'idle'],
    ['no_gpu', 'no_gpu'],
    ['id_conflict', 'refused'],
    ['host_stopped', 'host_failed'],
    ['host_failed', 'host_restarting'],
  ] as const)('%s -> why the choice of sharing is off, in the words of the window', (situation, off) => {
    expect(texts(viewOf(situation).menu)[1]).toBe(en.sharing.off[off]);
    expect(texts(viewOf(situation, 'zh').menu)[1]).toBe(zhCn.sharing.off[off]);
  });

  test('texts in both languages, the state first', () => {
    expect(texts(viewOf('ready').menu)).toEqual([
      'Available · 1 of 4 slots in use',
      'Share',
      'Stop after current jobs',
      'Pause',
      'For 1 hour',
      'Until tomorrow, 08:00',
      'Until I resume',
      'Open Muster',
      'Settings',
      'Quit',
    ]);
    expect(texts(viewOf('ready', 'zh').menu)).toEqual([
      '可用 · 任务槽位已用 1/4',
      '共享',
      '完成当前任务后停止',
      '暂停',
      '1 小时',
      '到明天 08:00',
      '直到我恢复',
      '打开 Muster',
      '设置',
      '退出',
    ]);
  });
});

test('pictures: columns and rows are those of the sheet', () => {
  expect(SHAPES.map(([shape]) => shape)).toEqual(TRAY_SHAPES);
  expect(SIZES_PX).toEqual(TRAY_SIZES_PX);
  expect(trayImageOf('none', 16)).toEqual({ x: 0, y: 0, width: 16, height: 16 });
  expect(trayImageOf('available', 32)).toEqual({ x: 32, y: 40, width: 32, height: 32 });
});

function enabled(items: readonly TrayItem[]): readonly string[] {
  return items.flatMap((item) => {
    if (item.type === 'action') return item.enabled ? [item.action] : [];
    return item.type === 'menu' && item.enabled ? enabled(item.items) : [];
  });
}

function texts(items: readonly TrayItem[]): readonly string[] {
  return items.flatMap((item) => {
    if (item.type === 'separator') return [];
    return item.type === 'menu' ? [item.text, ...texts(item.items)] : [item.text];
  });
}
