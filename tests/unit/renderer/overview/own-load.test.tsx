import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { overLimits } from '../../../../src/renderer/features/overview/own-load';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { nodeView, notPassedOver } from '../../../fixtures/app-states/nodes';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const title = (language: 'en' | 'zh-CN') =>
  language === 'en' ? 'Ready, but busy with other work: jobs stay away for now' : '已就绪，但忙于其他工作：任务暂不分配到本机';

test.each([
  ['en', 'Memory use is 41 %; jobs come below 25 %.'],
  ['zh-CN', '内存使用率为 41 %，低于 25 % 时才会有任务。'],
] as const)('in %s a ready computer says when its own work keeps jobs away, with the figure and the limit', (language, words) => {
  show(SITUATIONS.busy(), { language });
  const card = screen.getByRole('region', { name: title(language) });
  expect(card.textContent?.replaceAll('\u00a0', ' ')).toContain(words);
});

test('one that is below the limits says nothing of it', () => {
  show(SITUATIONS.ready());
  expect(screen.queryByRole('region', { name: title('en') })).toBeNull();
});

describe('what is over its limit', () => {
  const wanted = { cpu_percent_below: 25, gpu_percent_below: 50, mem_percent_below: 100 };
  const usage = { cpu_percent: 25, mem_percent: 100, gpu_percent: 80, running_jobs: 0 };
  const passed_over = {
    window_seconds: 3600,
    since: 0,
    total: 1,
    reasons: [{ code: 'resource_threshold_exceeded' as const, count: 1, wanted, found: { cpu_percent: 90 } }],
  };
  const of = (change: Partial<NodeView>) => overLimits(nodeView('ready', { passed_over, resource_usage: usage, ...change }));
  const cpu = { use: 'cpu', percent: 25, limitPercent: 25 };
  const gpu = { use: 'gpu', percent: 80, limitPercent: 50 };

  test.each<[string, Partial<NodeView>, readonly object[]]>([
    ['use that is not below the limit, where there is one', {}, [cpu, gpu]],
    ['not a use that nobody measured', { resource_usage: { ...usage, gpu_percent: null } }, [cpu]],
    ['nothing below the limits', { resource_usage: { ...usage, cpu_percent: 24, gpu_percent: 49 } }, []],
    ['nothing of a load that was never told', { resource_usage: null }, []],
    ['nothing where no job was turned away', { passed_over: notPassedOver }, []],
    ['nothing of a node that gets no jobs anyway', { status: 'draining' }, []],
  ])('%s', (_what, change, expected) => {
    expect(of(change)).toEqual(expected);
  });
});
