// The reason of each state as a short text with its number, in both languages.
import { describe, expect, test } from 'vitest';
import { availabilityReason } from '../../../../src/renderer/labels/availability-labels';
import { NOW } from '../../../fixtures/app-states/moment';
import { nodeInEachState } from '../../../fixtures/app-states/node-states';
import { labelsIn } from '../support/labels';

const EXPECTED: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  'available-1': ['1 of 4 slots in use', '任务槽位已用 1/4'],
  'full-1': ['4 of 4 slots in use', '任务槽位已用 4/4'],
  'full-of-16': ['4 of 4 slots in use, 12 more after successful jobs', '任务槽位已用 4/4，任务成功后再开放 12 个'],
  'busy-cpu': ['CPU 71%, limit 60%', 'CPU 71%，上限 60%'],
  'busy-gpu': ['GPU 71%, limit 25%', '显卡 71%，上限 25%'],
  'busy-memory': ['Memory 93%, limit 90%', '内存 93%，上限 90%'],
  'busy-memory-full': ['Memory 98%, limit 90%; 1.3 GB of memory available, 2 GB needed', '内存 98%，上限 90%；可用内存 1.3 GB，需要 2 GB'],
  'busy-unknown': ['Load not reported yet', '尚未报告使用率'],
  'paused-by-owner': ['Stopped by its owner', '由节点所有者停止'],
  'paused-by-host': ['Drained by an operator: driver update', '由管理员排空：driver update'],
  'draining-1': ['2 jobs left, deadline in 57 min', '剩余 2 个任务，距截止时间 57 分钟'],
  'registering-1': ['2 of 3 checks', '已通过 2/3 次检查'],
  'degraded-1': ['Model not ready: the pool requires piper-zh (not usable)', '模型未就绪：算力池需要 piper-zh（不可用）'],
  'asleep-1': ['For 3 h', '已 3 小时'],
  'disconnected-1': ['No heartbeat for 38 s', '已 38 秒没有心跳'],
  'offline-1': ['Stopped by its owner', '由节点所有者停止'],
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

describe('availabilityReason of a full node', () => {
  const full = nodeInEachState().find(({ name }) => name === 'full-1');
  const texts = (nextSlotAt: number, omitsSlots: boolean) =>
    (['en', 'zh-CN'] as const).map((language) =>
      availabilityReason(labelsIn(language), { ...(full as NonNullable<typeof full>), next_slot_at: nextSlotAt }, NOW, {
        omitsSlots,
      }).replaceAll('\u00a0', ' '),
    );

  test.each([
    ['end of a job in 8 s', NOW + 7100, false, ['4 of 4 slots in use, next in about 8 s', '任务槽位已用 4/4，约 8 秒后空出']],
    ['the same beside the slots', NOW + 7100, true, ['Next slot in about 8 s', '约 8 秒后空出槽位']],
    ['late job -> no time', NOW - 1, true, ['4 of 4 slots in use', '任务槽位已用 4/4']],
  ] as const)('%s', (_title, nextSlotAt, omitsSlots, expected) => {
    expect(texts(nextSlotAt, omitsSlots)).toEqual(expected);
  });
});
