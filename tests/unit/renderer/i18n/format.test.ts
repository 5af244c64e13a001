import { describe, expect, test } from 'vitest';
import { createFormat } from '../../../../src/renderer/i18n/format';
import { resolveLanguage } from '../../../../src/renderer/i18n/i18n';
import { labelsIn } from '../support/labels';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('duration: rounded down, largest fitting unit, never negative', () => {
  test.each([
    [-5000, '0 s', '0 秒'],
    [999, '0 s', '0 秒'],
    [59_999, '59 s', '59 秒'],
    [60_000, '1 min', '1 分钟'],
    [3_599_999, '59 min', '59 分钟'],
    [3_600_000, '1 h', '1 小时'],
    [7_500_000, '2 h 5 min', '2 小时 5 分'],
    [24 * 3_600_000, '1 d', '1 天'],
  ])('%i ms', (ms, english, chinese) => {
    expect([plain(createFormat('en').duration(ms)), plain(createFormat('zh-CN').duration(ms))]).toEqual([english, chinese]);
  });
});

describe('took: tenths of a second, below one second milliseconds', () => {
  test.each([
    [-3, '0 ms', '0 毫秒'],
    [39.6, '40 ms', '40 毫秒'],
    [1000, '1 s', '1 秒'],
    [1390, '1.3 s', '1.3 秒'],
    [59_999, '59.9 s', '59.9 秒'],
    [61_000, '1 min', '1 分钟'],
  ])('%f ms', (ms, english, chinese) => {
    expect([plain(createFormat('en').took(ms)), plain(createFormat('zh-CN').took(ms))]).toEqual([english, chinese]);
  });
});

test('figures: unit, at most one decimal, format of the language', () => {
  const format = createFormat('en');
  expect(
    [format.percent(41.6), format.gb(10.62), format.gb(24), format.number(12345), format.bytes(0), format.bytes(3_087_371_615)].map(plain),
  ).toEqual(['42%', '10.6 GB', '24 GB', '12,345', '0 B', '3.1 GB']);
});

describe('compact: values of one column can be added; tick: as short as possible', () => {
  test.each([
    [0, '0', '0', '0', '0'],
    [950, '950', '950', '950', '950'],
    [2400, '2.4K', '2400', '2.4K', '2400'],
    [60_000, '60.0K', '6.00万', '60K', '6万'],
    [2_000_000, '2.0M', '200万', '2M', '200万'],
    [33_234_000, '33.2M', '3323万', '33.2M', '3323.4万'],
    [204_000_000, '204.0M', '2.04亿', '204M', '2亿'],
    [211_100_000, '211.1M', '2.11亿', '211.1M', '2.1亿'],
  ])('%i', (value, english, chinese, englishTick, chineseTick) => {
    const [en, zh] = [createFormat('en'), createFormat('zh-CN')];
    expect([en.compact(value), zh.compact(value), en.tick(value), zh.tick(value)]).toEqual([english, chinese, englishTick, chineseTick]);
  });
});

test('memory: TB from 1,000 GB; a part has the unit of the whole', () => {
  const format = createFormat('en');
  expect([format.gb(999.9), format.gb(1000), format.gb(1862.4)].map(plain)).toEqual(['999.9 GB', '1 TB', '1.86 TB']);
  expect([format.gbPart(7.62, 24), format.gbPart(594, 1862.4)]).toEqual(['7.6', '0.59']);
});

test('clock: another day -> with the date', () => {
  const format = createFormat('en');
  const noon = new Date(2026, 10, 23, 12, 0).getTime();
  expect([format.clock(noon - 60_000, noon), format.clock(noon - 24 * 3_600_000, noon)]).toEqual(['11:59', 'Nov 22, 12:00']);
  expect([format.exactClock(noon - 57_000, noon), format.exactClock(noon - 24 * 3_600_000, noon)]).toEqual([
    '11:59:03',
    'Nov 22, 12:00:00',
  ]);
});

test('ago: below 5 s, or in the future -> now; then in steps of 5 s', () => {
  const labels = labelsIn('en');
  const ages = [-8000, 0, 4999, 5000, 9999, 59_999, 60_000, 7_300_000].map((ageMs) => plain(labels.ago(10_000, 10_000 + ageMs)));
  expect(ages).toEqual(['just now', 'just now', 'just now', '5 s ago', '5 s ago', '55 s ago', '1 min ago', '2 h 1 min ago']);
});

describe('the language', () => {
  test.each([
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en-US'], 'zh-CN'],
    ['system', ['zh-TW', 'en'], 'zh-CN'],
    ['system', ['fr-FR', 'en-GB', 'zh'], 'en'],
    ['system', ['de'], 'en'],
    ['system', [], 'en'],
  ] as const)('preferred %s, system %j -> %s', (preferred, system, expected) => {
    expect(resolveLanguage(preferred, system)).toBe(expected);
  });
});

test('countdown: minutes and seconds, rounded up, never negative', () => {
  const { countdown } = createFormat('en');
  expect([102_000, 101_001, 9_000, 0, -5].map(countdown)).toEqual(['1:42', '1:42', '0:09', '0:00', '0:00']);
});

test('day: another year -> with the year', () => {
  const { day } = createFormat('en');
  const noon = new Date(2026, 10, 23, 12, 0).getTime();
  expect([day(noon, noon), day(new Date(2027, 0, 12).getTime(), noon)]).toEqual(['Nov 23', 'Jan 12, 2027']);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [63_201_294, '63.2 MB'],
  [999_960_000, '1.0 GB'],
  [2_019_377_376, '2.0 GB'],
  [2_147_483_648, '2.1 GB'],
  [54e9, '54 GB'],
  [15.23e9, '15.2 GB'],
  [200e9, '200 GB'],
  [1.5e12, '1.5 TB'],
])('%d bytes -> %s', (bytes, text) => {
  expect(plain(createFormat('en').bytes(bytes))).toBe(text);
});
