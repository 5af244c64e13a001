// The limits of the owner: from the settings, and judged on each reading.
import { expect, test } from 'vitest';
import { ownerLimitsOf } from '../../../../src/main/agent/core/owner-limits';
import { overLimits } from '../../../../src/main/agent/core/over-limits';
import type { AgentConfig } from '../../../../src/main/platform/config/config';

const NOT_SET = { cpuPercent: null, gpuPercent: null, memoryPercent: null };

test.each<readonly [string, AgentConfig['share'], Partial<AgentConfig['limits']>, unknown]>([
  ['nothing set', null, {}, null],
  ['idle', 'idle', {}, { cpu_percent: 25, gpu_percent: 25, mem_percent: 90 }],
  ['polite', 'polite', {}, { cpu_percent: 60, gpu_percent: 25, mem_percent: 90 }],
  ['always', 'always', {}, { cpu_percent: null, gpu_percent: null, mem_percent: null }],
  ['one limit', null, { gpuPercent: 40 }, { gpu_percent: 40 }],
  ['limit of 0', null, { gpuPercent: 0 }, { gpu_percent: 0 }],
  ['limit of 100 -> none', null, { cpuPercent: 100 }, { cpu_percent: null }],
  ['mode and one limit -> the limit comes first', 'idle', { memoryPercent: 70 }, { cpu_percent: 25, gpu_percent: 25, mem_percent: 70 }],
  ['always and one limit', 'always', { gpuPercent: 50 }, { cpu_percent: null, gpu_percent: 50, mem_percent: null }],
])('settings: %s', (_title, share, limits, expected) => {
  expect(ownerLimitsOf({ share, limits: { ...NOT_SET, ...limits } })).toEqual(expected);
});

const limits = { cpu_percent: 60, gpu_percent: 25, mem_percent: null, set_by: { cpu: 'default', gpu: 'default', mem: 'owner' } } as const;
const defaultLimits = { ...limits, mem_percent: 90, set_by: { ...limits.set_by, mem: 'default' } } as const;

test.each<readonly [string, number | null, number | null, number | null, string]>([
  ['below every limit', 59.9, 24.9, 99, ''],
  ['at a limit', 60, 0, 10, 'cpu'],
  ['two over', 80, 80, 10, 'cpu gpu'],
  ['unknown', null, null, null, ''],
])('reading: %s', (_title, ownerCpuPercent, ownerGpuPercent, memPercent, expected) => {
  expect(overLimits({ ownerCpuPercent, ownerGpuPercent, memPercent }, 8, limits)).toBe(expected);
});

test.each<readonly [string, number | null, string]>([
  ['2 GB of 8 GB available', 75, ''],
  ['less than 2 GB available', 75.1, 'available_memory'],
  ['at the limit', 90, 'mem available_memory'],
  ['unknown', null, ''],
])('reading, default limit of memory: %s', (_title, memPercent, expected) => {
  expect(overLimits({ ownerCpuPercent: 0, ownerGpuPercent: 0, memPercent }, 8, defaultLimits)).toBe(expected);
});
