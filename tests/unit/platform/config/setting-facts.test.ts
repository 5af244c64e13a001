// Every key of the configuration has what a screen shows: texts in both languages, a section, a control.
import { expect, test } from 'vitest';
import { settingViewSchema } from '../../../../src/shared/api/settings';
import type { ConfigKey } from '../../../../src/main/platform/config/config-key';
import { CONFIG_KEYS, CONFIG_PATHS } from '../../../../src/main/platform/config/keys';
import {
  choicesOf,
  controlOf,
  rangeOf,
  readerOf,
  sectionOf,
  SETTING_TEXTS,
  unitOf,
} from '../../../../src/main/platform/config/setting-facts';
import { settingViewOf } from '../../../support/settings-fakes';

test('setting texts: one for each key, in the order of no other table', () => {
  expect(Object.keys(SETTING_TEXTS).toSorted()).toEqual(CONFIG_PATHS.toSorted());
});

test.each(CONFIG_PATHS)('%s: title and help in both languages, a view that travels', (key) => {
  const { title, help, expected } = SETTING_TEXTS[key];
  for (const { en, zh } of [title, help, ...(expected === null ? [] : [expected])]) {
    expect(en).toMatch(/^[A-Z0-9]/);
    expect(zh).toMatch(/\p{Script=Han}/u);
    // A space between Han and Latin letters or digits, none before a full-width mark.
    expect(zh).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u);
  }
  expect(title.en).not.toMatch(/[.:]$/);
  expect(title.en.length).toBeLessThanOrEqual(40);
  expect([help.en.endsWith('.'), /[。]$/.test(help.zh)]).toEqual([true, true]);
  const view = settingViewOf(key);
  expect(settingViewSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
});

test.each(CONFIG_PATHS)('%s: its control fits its kind; a text that is no choice says what to enter', (key) => {
  const { kind }: ConfigKey = CONFIG_KEYS[key];
  const control = controlOf(key);
  const controls = { boolean: ['switch'], number: ['number'], list: ['list', 'paths'], text: ['text', 'path', 'choice'] };
  expect(controls[kind]).toContain(control);
  expect(rangeOf(key) !== null).toBe(control === 'number');
  expect(choicesOf(key).length > 0).toBe(control === 'choice');
  expect(SETTING_TEXTS[key].expected !== null).toBe(['text', 'path', 'list', 'paths'].includes(control));
});

test('setting facts: sections, readers, units and ranges of some keys', () => {
  expect(sectionOf('agent.limits.gpu_percent')).toBe('sharing');
  expect(sectionOf('scheduler.node_health.heartbeat_interval_seconds')).toBe('nodes');
  expect(sectionOf('server.max_body_bytes')).toBe('keys');
  expect(CONFIG_PATHS.filter((key) => readerOf(key) === 'scheduler_live').map((key) => key.split('.').slice(0, -1).join('.'))).toEqual([
    ...Array<string>(5).fill('scheduler.jobs'),
    ...Array<string>(5).fill('scheduler.keys'),
    ...Array<string>(3).fill('scheduler.openai'),
    ...Array<string>(6).fill('scheduler.load_balancer'),
  ]);
  expect([readerOf('agent.name'), readerOf('log.level'), readerOf('server.port'), readerOf('agent.simulate_gpu')]).toEqual([
    'agent',
    'log',
    'scheduler',
    'program',
  ]);
  expect([unitOf('agent.limits.gpu_percent'), unitOf('scheduler.node_health.failure_rate_threshold')]).toEqual(['percent', null]);
  expect(rangeOf('agent.max_concurrent_jobs')).toEqual({ min: 1, max: 256, whole: true });
  expect(rangeOf('agent.limits.cpu_percent')).toEqual({ min: 0, max: 100, whole: false });
});
