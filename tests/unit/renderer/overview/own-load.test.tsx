import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { overLimits } from '../../../../src/renderer/pages/overview/OwnLoad';
import type { NodeView } from '../../../../src/shared/api/node-view';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const title = (language: 'en' | 'zh-CN') => (language === 'en' ? 'This computer is busy: no new jobs for now' : '本机繁忙：暂不接收新任务');

test.each([
  ['en', 'Memory usage is 41%. New jobs start only below 25%.'],
  ['zh-CN', '内存使用率为 41%，低于 25% 时才接收新任务。'],
] as const)('own load over the limit -> %s: figure and limit are shown', (language, text) => {
  show(SITUATIONS.busy(), { language });
  const card = screen.getByRole('region', { name: title(language) });
  expect(card.textContent.replaceAll('\u00a0', ' ')).toContain(text);
});

test('own load over the limit -> the config key is named, no request is sent', () => {
  const usage = { cpu_percent: 100, mem_percent: 7, gpu_percent: 0, running_jobs: 0 };
  const { api } = show(hosting({ nodes: [nodeView('ready', { resource_usage: usage })] }));
  const card = screen.getByRole('region', { name: title('en') });
  expect(card.textContent.replaceAll('\u00a0', ' ')).toContain('CPU usage is 100%. New jobs start only below 25%.');
  expect(card.textContent).toContain('config.toml');
  expect(api.calls).toEqual([]);
});

test('own load below the limit -> no card', () => {
  show(SITUATIONS.ready());
  expect(screen.queryByRole('region', { name: title('en') })).toBeNull();
});

describe('overLimits', () => {
  const pool = poolSummary({ resource_thresholds: { cpu_percent: 25, gpu_percent: 50, mem_percent: 100 } });
  const usage = { cpu_percent: 25, mem_percent: 100, gpu_percent: 80, running_jobs: 0 };
  const cpu = { use: 'cpu', percent: 25, limitPercent: 25 };
  const gpu = { use: 'gpu', percent: 80, limitPercent: 50 };

  test.each<[string, Partial<NodeView>, readonly object[]]>([
    ['load at or above its limit; 100 -> no limit', {}, [cpu, gpu]],
    ['unmeasured use -> left out', { resource_usage: { ...usage, gpu_percent: null } }, [cpu]],
    ['load below the limits -> none', { resource_usage: { ...usage, cpu_percent: 24, gpu_percent: 49 } }, []],
    ['no load reported -> none', { resource_usage: null }, []],
    ['draining node -> none', { status: 'draining' }, []],
  ])('%s', (_what, change, expected) => {
    expect(overLimits(nodeView('ready', { resource_usage: usage, ...change }), pool)).toEqual(expected);
  });

  test('older scheduler without thresholds -> none', () => {
    const { resource_thresholds: _unsaid, ...older } = pool;
    expect(overLimits(nodeView('ready', { resource_usage: usage }), older)).toEqual([]);
  });
});
