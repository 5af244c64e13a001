import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { overLimits } from '../../../../src/renderer/features/overview/own-load';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const title = (language: 'en' | 'zh-CN') => (language === 'en' ? 'This computer is busy: no new jobs for now' : '本机繁忙：暂不接收新任务');

test.each([
  ['en', 'Memory usage is 41%. New jobs start only below 25%.'],
  ['zh-CN', '内存使用率为 41%，低于 25% 时才接收新任务。'],
] as const)('in %s a ready computer says when its own work keeps jobs away, with the figure and the limit', (language, words) => {
  show(SITUATIONS.busy(), { language });
  const card = screen.getByRole('region', { name: title(language) });
  expect(card.textContent?.replaceAll('\u00a0', ' ')).toContain(words);
});

test('it names the file that holds the limit, and asks the scheduler nothing', () => {
  const usage = { cpu_percent: 100, mem_percent: 7, gpu_percent: 0, running_jobs: 0 };
  const { api } = show(hosting({ nodes: [nodeView('ready', { resource_usage: usage })] }));
  const card = screen.getByRole('region', { name: title('en') });
  expect(card.textContent?.replaceAll('\u00a0', ' ')).toContain('CPU usage is 100%. New jobs start only below 25%.');
  expect(card.textContent).toContain('config.toml');
  expect(api.calls).toEqual([]);
});

test('one that is below the limits says nothing of it', () => {
  show(SITUATIONS.ready());
  expect(screen.queryByRole('region', { name: title('en') })).toBeNull();
});

describe('what is over its limit', () => {
  const pool = poolSummary({ resource_thresholds: { cpu_percent: 25, gpu_percent: 50, mem_percent: 100 } });
  const usage = { cpu_percent: 25, mem_percent: 100, gpu_percent: 80, running_jobs: 0 };
  const cpu = { use: 'cpu', percent: 25, limitPercent: 25 };
  const gpu = { use: 'gpu', percent: 80, limitPercent: 50 };

  test.each<[string, Partial<NodeView>, readonly object[]]>([
    ['use that is not below the limit, where there is one', {}, [cpu, gpu]],
    ['not a use that nobody measured', { resource_usage: { ...usage, gpu_percent: null } }, [cpu]],
    ['nothing below the limits', { resource_usage: { ...usage, cpu_percent: 24, gpu_percent: 49 } }, []],
    ['nothing of a load that was never told', { resource_usage: null }, []],
    ['nothing of a node that gets no jobs anyway', { status: 'draining' }, []],
  ])('%s', (_what, change, expected) => {
    expect(overLimits(nodeView('ready', { resource_usage: usage, ...change }), pool)).toEqual(expected);
  });

  test('nothing where an older scheduler does not say its thresholds', () => {
    const { resource_thresholds: _unsaid, ...older } = pool;
    expect(overLimits(nodeView('ready', { resource_usage: usage }), older)).toEqual([]);
  });
});
