import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { overLimits } from '../../../../src/renderer/features/overview/own-load';
import type { Explanation } from '../../../../src/shared/api/dispatch';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { ok } from '../../../../src/shared/result';
import { nodeView, notPassedOver } from '../../../fixtures/app-states/nodes';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
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

test('it says so before a job was turned away, with the file that holds the limit', async () => {
  const wanted = { cpu_percent_below: 25, gpu_percent_below: 25, mem_percent_below: 25 };
  const usage = { cpu_percent: 100, mem_percent: 7, gpu_percent: 0, running_jobs: 0 };
  const node = nodeView('ready', { resource_usage: usage });
  const excluded = [{ filter: 'resource_use', code: 'resource_threshold_exceeded' as const, wanted, found: { cpu_percent: 100 } }];
  const answers = { 'pool.explain': ok({ chosen: null, nodes: [{ node_id: node.node_id, excluded }] }) };
  const { api } = show(hosting({ nodes: [node] }), { answers });
  const card = await screen.findByRole('region', { name: title('en') });
  expect(card.textContent?.replaceAll('\u00a0', ' ')).toContain('Processor use is 100 %; jobs come below 25 %.');
  expect(card.textContent).toContain('config.toml');
  const asked = { required_models: [], public: false, node_id: node.node_id };
  expect(api.calls).toContainEqual({ name: 'pool.explain', params: asked });
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
  const of = (change: Partial<NodeView>, now: Explanation | null = null) =>
    overLimits(nodeView('ready', { passed_over, resource_usage: usage, ...change }), now);
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

  test('use that would turn a job away now, before any was; not that of another node', () => {
    const excluded = [{ filter: 'resource_use', code: 'resource_threshold_exceeded' as const, wanted, found: { cpu_percent: 25 } }];
    const now = (node_id: string): Explanation => ({ chosen: null, nodes: [{ node_id, excluded }] });
    expect(of({ passed_over: notPassedOver }, now('node-5C0FFEE1'))).toEqual([cpu, gpu]);
    expect(of({ passed_over: notPassedOver }, now('node-0A11CE42'))).toEqual([]);
  });
});
