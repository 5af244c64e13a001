// Values of settings as text: round amounts in a larger unit, the value that holds after a wrong one, and the limits of the pool.
import { expect, test } from 'vitest';
import { choiceTexts, rangeText, stillText, valueText } from '../../../../src/renderer/labels/setting-labels';
import { poolLimitOf } from '../../../../src/renderer/pages/settings/live-values';
import { settingsView } from '../../../fixtures/app-states/settings';
import { labelsIn } from '../support/labels';

const en = labelsIn('en');
const zh = labelsIn('zh-CN');
const { settings } = settingsView();
const settingOf = (key: string) => {
  const found = settings.find((setting) => setting.key === key);
  if (found === undefined) throw new Error(`no setting ${key}`);
  return found;
};
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test.each([
  ['seconds', 604_800, '7 days', '7 天'],
  ['seconds', 86_400, '24 h', '24 小时'],
  ['seconds', 5400, '90 min', '90 分钟'],
  ['seconds', 45, '45 s', '45 秒'],
  ['seconds', 90, '90 s', '90 秒'],
  ['seconds', 0.5, '0.5 s', '0.5 秒'],
  ['mebibytes', 10_240, '10 GiB', '10 GiB'],
  ['mebibytes', 512, '512 MiB', '512 MiB'],
  ['bytes', 1_073_741_824, '1 GiB', '1 GiB'],
  ['bytes', 16_777_216, '16 MiB', '16 MiB'],
  ['bytes', 25_000_000, '25 MB', '25 MB'],
] as const)('%s: %d -> %s', (unit, value, english, chinese) => {
  const shown = { control: 'number', unit, key: 'some.setting' } as const;
  expect(plain(valueText(en, shown, value))).toBe(english);
  expect(plain(valueText(zh, shown, value))).toBe(chinese);
});

test('wrong value -> the value that still holds: the own one, or that of the pool', () => {
  const limit = settingOf('agent.limits.gpu_percent');
  expect(stillText(en, { ...limit, value: 40 }, '25')).toBe('Still 40%.');
  expect(stillText(en, { ...limit, value: null }, '25')).toBe('Still 25% (pool default).');
  expect(stillText(zh, { ...limit, value: null }, '25')).toBe('仍为 25%（算力池默认值）。');
  expect(stillText(en, { ...limit, key: 'scheduler.limits.max_gpu_percent', value: null }, '25')).toBe('Still 25%.');
  expect(stillText(en, { ...limit, value: null }, null)).toBe('Still not set.');
});

test('range of a port -> no thousands marks; of another number -> with them', () => {
  const range = { min: 0, max: 65_535, whole: true };
  expect(rangeText(en, 'server.port', range)).toContain('65535');
  expect(rangeText(en, 'server.max_nodes', range)).toContain('65,535');
});

test('share mode -> what each choice means; another setting -> nothing', () => {
  expect(choiceTexts(en, 'agent.share')).toEqual(['Idle: Below CPU 25%, GPU 25%', 'Polite: Below CPU 60%, GPU 25%', 'Always: No limit']);
  expect(choiceTexts(en, 'log.level')).toEqual([]);
});

const GPU = 'scheduler.load_balancer.gpu_threshold';
const withValues = (values: Readonly<Record<string, number | string | null>>) =>
  settings.map((setting) => (setting.key in values ? { ...setting, value: values[setting.key] ?? null } : setting));
const COMMON = 'scheduler.load_balancer.resource_threshold';

test.each([
  ['a shared pool', { 'server.host': '0.0.0.0', [COMMON]: null }, false, 25],
  ['a shared pool with one node', { 'server.host': '0.0.0.0', [COMMON]: null }, true, 25],
  ['a pool of this computer alone', { 'server.host': '127.0.0.1', [COMMON]: null }, true, null],
  ['a common limit', { 'server.host': '127.0.0.1', [COMMON]: 70 }, true, 70],
] as const)('limit of the pool without a value, in %s', (_name, values, isAlone, limit) => {
  expect(poolLimitOf(GPU, withValues(values), isAlone)).toBe(limit);
});

test('limit of the pool: another setting has none', () => {
  expect(poolLimitOf(COMMON, settings, false)).toBeUndefined();
  expect(poolLimitOf('agent.limits.gpu_percent', settings, false)).toBeUndefined();
});
