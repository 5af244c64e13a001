// A code has one text in each language: the catalogues read src/shared/reasons.
import { expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { reasonLabels, reasonPhrases } from '../../../../src/renderer/i18n/reason-labels';
import { zhCn } from '../../../../src/renderer/i18n/zh-cn/index';
import { APP_ERROR_TEXTS, HTTP_ERROR_TEXTS, NODE_ERROR_TEXTS } from '../../../../src/shared/reasons/errors';

test('reasons on screens: capital letter as a label, none inside a sentence, Chinese unchanged', () => {
  const texts = { cold: { zh: '未加载', en: 'not loaded' } };
  expect([reasonLabels(texts, 'en'), reasonPhrases(texts, 'en'), reasonLabels(texts, 'zh')]).toEqual([
    { cold: 'Not loaded' },
    { cold: 'not loaded' },
    { cold: '未加载' },
  ]);
});

test('reasons on screens: same text as on the wire and in the command line', () => {
  expect([en.exclusion.not_online, en.status_reason.drain_requested, en.job_error.queue_timeout, en.job_error.runtime_http]).toEqual([
    'Not connected',
    'Drain requested',
    'Timed out in the queue',
    'The model server responded with HTTP {{status}}',
  ]);
  expect([zhCn.exclusion.not_online, zhCn.measurement_failed.output_missing]).toEqual(['未连接', '程序没有输出']);
});

/** Their messages are for programs that connect. The titles are for the owner of this computer. */
const WITH_OWN_TITLE: readonly string[] = [
  ...['INVALID_MESSAGE', 'INVALID_CAPABILITY_SCHEMA', 'NO_GPU_AVAILABLE', 'NODE_ID_CONFLICT', 'NOT_REGISTERED', 'INTERNAL_ERROR'],
  ...['UNAUTHORIZED', 'METHOD_NOT_ALLOWED', 'DISCONNECTED'],
];

test.each([
  ['English', 'en', en],
  ['Chinese', 'zh', zhCn],
] as const)('error titles: %s text of the shared table, except those for the owner', (_name, language, catalogue) => {
  const shared = reasonLabels({ ...NODE_ERROR_TEXTS, ...HTTP_ERROR_TEXTS, ...APP_ERROR_TEXTS }, language);
  const codes = (Object.keys(shared) as (keyof typeof shared)[]).filter((code) => !WITH_OWN_TITLE.includes(code));
  expect(codes.map((code) => [code, catalogue.error[code].title])).toEqual(codes.map((code) => [code, shared[code]]));
});
