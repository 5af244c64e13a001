// The table of reasons: complete, in both languages, and in the form that each reader needs.
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/shared/protocol/codes';
import { JOB_ERRORS } from '../../../src/shared/protocol/job-errors';
import { AVAILABILITY_STATES, EXCLUSION_REASONS, LIMIT_SOURCES, reasonOf } from '../../../src/shared/protocol/status';
import { AVAILABILITY_TEXTS, LIMIT_SOURCE_TEXTS } from '../../../src/shared/reasons/availability';
import { APP_ERROR_TEXTS, HTTP_ERROR_TEXTS, NODE_ERROR_TEXTS } from '../../../src/shared/reasons/errors';
import { drainNote } from '../../../src/shared/reasons/drain-notes';
import { EXCLUSION_TEXTS } from '../../../src/shared/reasons/exclusions';
import { JOB_ERROR_TEXTS, jobErrorText } from '../../../src/shared/reasons/job-errors';
import type { ReasonText } from '../../../src/shared/reasons/reason-text';
import { STATUS_REASON_TEXTS } from '../../../src/shared/reasons/statuses';

const TABLES: Readonly<Record<string, Readonly<Record<string, ReasonText>>>> = {
  statuses: STATUS_REASON_TEXTS,
  exclusions: EXCLUSION_TEXTS,
  availability: AVAILABILITY_TEXTS,
  'limit sources': LIMIT_SOURCE_TEXTS,
  'node errors': NODE_ERROR_TEXTS,
  'HTTP errors': HTTP_ERROR_TEXTS,
  'app errors': APP_ERROR_TEXTS,
  'job errors': JOB_ERROR_TEXTS,
};

describe.each(Object.entries(TABLES))('reasons: %s', (_title, table) => {
  test.each(Object.entries(table))('%s: short, Chinese and English apart, without a full stop', (_code, { zh, en }) => {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[\x20-\x7e]{1,80}$/);
    expect([zh.endsWith('。'), en.endsWith('.')]).toEqual([false, false]);
  });
});

test('reasons: every code has its text', () => {
  expect(Object.keys(JOB_ERROR_TEXTS).sort()).toEqual([...JOB_ERRORS].sort());
  expect(Object.keys(EXCLUSION_TEXTS)).toEqual([...EXCLUSION_REASONS]);
  expect(Object.keys(AVAILABILITY_TEXTS)).toEqual([...AVAILABILITY_STATES]);
  expect(Object.keys(LIMIT_SOURCE_TEXTS)).toEqual([...LIMIT_SOURCES]);
});

test('reasons: wire message and status reason -> `<zh> / <en>`', () => {
  expect(messageOf('NO_GPU_AVAILABLE')).toBe('节点必须有显卡才能注册为算力提供方 / a node needs a GPU to register');
  expect(reasonOf('health_check_passed')).toBe('健康检查全部通过 / all health checks passed');
});

test.each([
  ['queue_timeout', 'timed out in the queue'],
  ['runtime_http_502', 'the model server responded with HTTP 502'],
  ['toString', undefined],
  ['error_of_another_version', undefined],
])('reasons: job error %s -> %s', (code, en) => {
  expect(jobErrorText(code)?.en).toBe(en);
});

test.each([
  ['agent_stops', { zh: 'Muster 已退出', en: 'Muster was quit' }],
  ['paused_by_owner', { zh: '由所有者暂停', en: 'paused by its owner' }],
  ['driver update', { zh: 'driver update', en: 'driver update' }],
  ['constructor', { zh: 'constructor', en: 'constructor' }],
  [null, null],
])('reasons: note of a drain %j -> %j', (note, text) => {
  expect(drainNote(note)).toEqual(text);
});
