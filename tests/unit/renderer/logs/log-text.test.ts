// The sentence of a line of the log.
import { expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { SENTENCE_FIELDS, sentenceOf } from '../../../../src/renderer/pages/logs/log-text';
import { labelsIn } from '../support/labels';

test('fields of sentences: each one that a text uses is listed', () => {
  const used = Object.values(en.log_event).flatMap((text) => Array.from(text.matchAll(/\{\{(\w+)\}\}/g), ([, name]) => name));
  expect([...new Set(used)].filter((name) => name !== 'node').sort()).toEqual([...SENTENCE_FIELDS].sort());
});

test.each([
  [['agent.name', 'agent.share'], 'Settings changed: agent.name, agent.share'],
  [[], 'Settings changed: '],
])('list of %j -> its values', (keys, sentence) => {
  const line = { id: '1', at: 0, level: 'info', source: 'app', event: 'settings_changed', fields: { keys } } as const;
  expect(sentenceOf(line, labelsIn('en'), () => null)).toBe(sentence);
});

test.each([
  ['hardware_found', 'Hardware found. GPUs: –'],
  ['model_state', 'Model –: –'],
  ['node_registered', 'Node – registered'],
])('%s without its fields -> a dash in place of each', (event, sentence) => {
  const line = { id: '1', at: 0, level: 'info', source: 'app', event, fields: {} } as const;
  expect(sentenceOf(line, labelsIn('en'), () => null)).toBe(sentence);
});

test('state of a model -> its word in the language', () => {
  const line = { id: '1', at: 0, level: 'info', source: 'app', event: 'model_state', fields: { model_id: 'm', state: 'ready' } } as const;
  expect(sentenceOf(line, labelsIn('en'), () => null)).toBe('Model m: ready');
  expect(sentenceOf(line, labelsIn('zh-CN'), () => null)).toBe('模型 m：就绪');
});

test.each([
  ['en', 'checksum_differs', 'Model m: damaged, wrong checksum'],
  ['en', 'load_failed', 'Model m: not usable, the model server could not load the model'],
  ['zh-CN', 'checksum_differs', '模型 m：已损坏，文件校验和不符'],
  ['en', 'of_a_later_version', 'Model m: not usable'],
] as const)('%s, model that fails with %s -> says why', (language, reason, sentence) => {
  const fields = { model_id: 'm', state: 'error', reason };
  const line = { id: '1', at: 0, level: 'error', source: 'app', event: 'model_state', fields } as const;
  expect(sentenceOf(line, labelsIn(language), () => null)).toBe(sentence);
});

test.each([
  [(): string => 'm', 'm assigned to bob'],
  [(): null => null, 'Job assigned to bob'],
])('job_assigned -> its model where the submission is among the lines', (modelOf, sentence) => {
  const line = {
    id: '1',
    at: 0,
    level: 'info',
    source: 'scheduler',
    event: 'job_assigned',
    fields: { job_id: 'j', node_id: 'n' },
  } as const;
  expect(sentenceOf(line, labelsIn('en'), () => 'bob', modelOf)).toBe(sentence);
});

const reasons = { model_not_available: { count: 2, examples: [] }, not_online: { count: 1, examples: [] } };
test.each([
  ['m', reasons, 'en', 'No node can take m. Model not available: 2 nodes · Not connected: 1'],
  [null, reasons, 'zh-CN', '没有节点可以执行任务。模型不可用：2 个节点 · 未连接：1 个'],
  ['m', { of_a_later_version: { count: 3 }, not_online: 'x' }, 'en', 'No node can take m'],
  ['m', null, 'en', 'No node can take m'],
] as const)('no candidate for %s, %j, %s -> the reasons with their numbers of nodes', (model, found, language, sentence) => {
  const fields = { job_id: 'j', reasons: found };
  const line = { id: '1', at: 0, level: 'warn', source: 'scheduler', event: 'dispatch_no_candidate', fields } as const;
  const modelOf = (): string | null => model;
  const shown = sentenceOf(line, labelsIn(language), () => null, modelOf);
  expect(shown.replaceAll('\u00a0', ' ')).toBe(sentence);
});

test.each([
  [{ from: '10.0.0.7', count: 3 }, 'Wrong key from 10.0.0.7, 3 times'],
  [{ from: '10.0.0.7', count: 1 }, 'Wrong key from 10.0.0.7'],
])('wrong keys %j -> %s', (fields, sentence) => {
  const line = { id: '1', at: 0, level: 'warn', source: 'scheduler', event: 'auth_failed', fields } as const;
  expect(sentenceOf(line, labelsIn('en'), () => null)).toBe(sentence);
});

test('lists of texts -> without brackets', () => {
  const fields = { keys: ['agent.share', 'agent.gpus'], wait_for_restart: [] };
  const line = { id: '1', at: 0, level: 'info', source: 'app', event: 'settings_changed', fields } as const;
  expect(sentenceOf(line, labelsIn('en'), () => null)).toBe('Settings changed: agent.share, agent.gpus');
});
