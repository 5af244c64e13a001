// The reason of each state as a short text with its number, in both languages.
import { describe, expect, test } from 'vitest';
import type { NodeView } from '../../../../src/shared/api/node-view';
import type { FailedCheck } from '../../../../src/shared/protocol/scheduler-messages';
import { availabilityReason, availabilityReasonParts } from '../../../../src/renderer/labels/availability-labels';
import { NOW } from '../../../fixtures/app-states/moment';
import { nodeInEachState } from '../../../fixtures/app-states/node-states';
import { labelsIn } from '../support/labels';

const EXPECTED: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  'available-1': ['1 of 4 slots in use', '任务槽位已用 1/4'],
  'full-1': ['4 of 4 slots in use', '任务槽位已用 4/4'],
  'full-of-16': ['4 of 4 slots in use, 12 more after successful jobs', '任务槽位已用 4/4，任务成功后再开放 12 个'],
  'busy-cpu': ['CPU 71%, limit 60%', 'CPU 71%，上限 60%'],
  'busy-gpu': ['GPU 71%, limit 25%', 'GPU 71%，上限 25%'],
  'busy-memory': ['Memory 93%, limit 90%', '内存 93%，上限 90%'],
  'busy-memory-full': ['Memory 98%, limit 90%; 1.3 GB of memory available, 2 GB needed', '内存 98%，上限 90%；可用内存 1.3 GB，需要 2 GB'],
  'busy-unknown': ['Load not reported yet', '尚未报告使用率'],
  'paused-by-owner': ['Stopped by its owner', '由节点所有者停止'],
  'paused-by-host': ['Drained by an operator: driver update', '由管理员排空：driver update'],
  'draining-1': ['2 jobs left, deadline in 57 min', '剩余 2 个任务，57 分钟后截止'],
  'registering-1': ['2 of 3 checks', '已通过 2/3 次检查'],
  'degraded-1': ['Model not ready: the pool requires piper-zh (not usable)', '模型未就绪，算力池需要 piper-zh（不可用）'],
  'asleep-1': ['For 3 h', '已 3 小时'],
  'disconnected-1': ['No heartbeat for 38 s', '已 38 秒没有心跳'],
  'offline-1': ['Stopped by its owner: Muster was quit', '由节点所有者停止：Muster 已退出'],
  'offline-2': ['No heartbeat for 2 h', '已 2 小时没有心跳'],
};

describe('availabilityReason', () => {
  test('every node of the fixture has an expected text', () => {
    expect(nodeInEachState().map(({ name }) => name)).toEqual(Object.keys(EXPECTED));
  });

  test.each(nodeInEachState().map((node) => [node.name, node] as const))('%s', (name, node) => {
    const texts = (['en', 'zh-CN'] as const).map((language) => availabilityReason(labelsIn(language), node, NOW).replaceAll('\u00a0', ' '));
    expect(texts).toEqual(EXPECTED[name]);
  });
});

test('each use above its limit is a part of its own, any other reason is one part', () => {
  const partsOf = (name: string): readonly string[] =>
    availabilityReasonParts(labelsIn('en'), nodeInEachState().find((node) => node.name === name) as NodeView, NOW).map((part) =>
      part.replaceAll('\u00a0', ' '),
    );
  expect(partsOf('busy-memory-full').length).toBeGreaterThan(1);
  expect(partsOf('busy-memory-full').join('; ')).toBe(EXPECTED['busy-memory-full']?.[0]);
  expect(partsOf('draining-1')).toEqual([EXPECTED['draining-1']?.[0]]);
});

/** Of these states, the text in a table differs. */
const EXPECTED_IN_TABLE: typeof EXPECTED = {
  'offline-1': ['Owner: Muster was quit', '所有者：Muster 已退出'],
  'paused-by-host': ['Operator: driver update', '管理员：driver update'],
  'full-of-16': ['12 more after successful jobs', '任务成功后再开放 12 个'],
  'busy-memory-full': ['Memory 98%, limit 90%, 1 more', '内存 98%，上限 90%，另有 1 项'],
  'draining-1': ['2 jobs, deadline in 57 min', '剩余 2 个任务，57 分钟后截止'],
  'degraded-1': ['piper-zh not ready', 'piper-zh 未就绪'],
  'disconnected-1': ['No heartbeat for 38 s', '已 38 秒没有心跳'],
  'offline-2': ['No heartbeat for 2 h', '已 2 小时没有心跳'],
};

const degraded = nodeInEachState().find(({ name }) => name === 'degraded-1') as NodeView;
const withCheck = (check: Pick<FailedCheck, 'code' | 'details'>): NodeView => ({
  ...degraded,
  health: { ...degraded.health, failed_checks: [{ check: 'models', message: '', ...check }] },
});
const notReady = (models: readonly string[], all: number): NodeView =>
  withCheck({
    code: 'model_not_ready',
    details: { rule: 'any', models: models.map((id) => ({ model_id: id, state: 'error' })), not_ready: models.length, of: all },
  });

describe('availabilityReason in a table', () => {
  const shortTexts = (node: NodeView) =>
    (['en', 'zh-CN'] as const).map((language) =>
      availabilityReason(labelsIn(language), node, NOW, { isShort: true }).replaceAll('\u00a0', ' '),
    );

  test.each(nodeInEachState().map((node) => [node.name, node] as const))('%s: numbers first', (name, node) => {
    expect(shortTexts(node)).toEqual(EXPECTED_IN_TABLE[name] ?? EXPECTED[name]);
  });

  test.each([
    ['several models not ready', notReady(['a', 'b'], 5), '2 of 5 models not ready'],
    ['no model enabled', notReady([], 0), 'no model is enabled'],
    ['late heartbeat', withCheck({ code: 'heartbeat_late', details: { late_ms: 12_000, timeout_ms: 45_000 } }), '12 s late, 45 s allowed'],
    [
      'GPUs not usable',
      withCheck({ code: 'gpu_unavailable', details: { fault: 'none_available', available: 0, of: 2 } }),
      '0 of 2 GPUs usable',
    ],
    ['unknown details', withCheck({ code: 'model_not_ready', details: {} }), 'Model not ready'],
    [
      'pause with an end',
      {
        ...nodeInEachState().find(({ name }) => name === 'paused-by-owner'),
        pause: { reason_code: 'full_screen', detail: 'Factorio', since: NOW, until: NOW + 60_000 },
      } as NodeView,
      /^Until \d\d:\d\d, full-screen program \(Factorio\)$/i,
    ],
  ] as const)('%s', (_title, node, expected) => {
    expect(shortTexts(node)[0]).toMatch(expected);
  });
});

describe('availabilityReason of a full node', () => {
  const full = nodeInEachState().find(({ name }) => name === 'full-1');
  const texts = (nextSlotAt: number, isShort: boolean) =>
    (['en', 'zh-CN'] as const).map((language) =>
      availabilityReason(labelsIn(language), { ...(full as NonNullable<typeof full>), next_slot_at: nextSlotAt }, NOW, {
        isShort,
      }).replaceAll('\u00a0', ' '),
    );

  test.each([
    ['end of a job in 8 s', NOW + 7100, false, ['4 of 4 slots in use, next in about 8 s', '任务槽位已用 4/4，约 8 秒后空出']],
    ['the same beside the slots', NOW + 7100, true, ['Next slot in about 8 s', '约 8 秒后空出槽位']],
    ['late job -> no time', NOW - 1, true, ['4 of 4 slots in use', '任务槽位已用 4/4']],
  ] as const)('%s', (_title, nextSlotAt, isShort, expected) => {
    expect(texts(nextSlotAt, isShort)).toEqual(expected);
  });
});
