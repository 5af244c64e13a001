// The sentence of a line of the log.
import { expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { fieldsText, SENTENCE_FIELDS, sentenceOf } from '../../../../src/renderer/pages/logs/log-text';
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

test('lists of texts and instants -> without brackets, as a time', () => {
  const fields = { keys: ['agent.share', 'agent.gpus'], wait_for_restart: [], until: Date.UTC(2026, 10, 30, 7) };
  const line = { id: '1', at: 0, level: 'info', source: 'app', event: 'settings_changed', fields } as const;
  expect(sentenceOf(line, labelsIn('en'), () => null)).toBe('Settings changed: agent.share, agent.gpus');
  expect(fieldsText(line, () => null)).toBe('keys agent.share, agent.gpus · wait_for_restart – · until 2026-11-30T07:00:00.000Z');
});
