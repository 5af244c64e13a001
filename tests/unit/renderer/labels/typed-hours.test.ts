// Sharing hours in the words of both languages.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hoursOfTyped } from '../../../../src/renderer/labels/typed-hours';
import { itemText } from '../../../../src/renderer/labels/setting-labels';
import { parseSharingHours } from '../../../../src/shared/sharing-hours';
import { labelsIn } from '../support/labels';

test.each([
  ['周一至周五 18:00-08:00', 'mon-fri 18:00-08:00'],
  ['周一至周五 18:00 至次日 08:00', 'mon-fri 18:00-08:00'],
  ['周六到周日 00：00–24：00', 'sat-sun 00:00-24:00'],
  ['星期天 9:00-12:00', 'sun 9:00-12:00'],
  ['每天 22:00 至次日 06:00', '22:00-06:00'],
  ['周一18:00-20:00', 'mon 18:00-20:00'],
  ['Mon to Fri, 18:00 to 08:00 the next day', 'mon-fri 18:00-08:00'],
  ['Every day, 22:00 to 06:00 the next day', '22:00-06:00'],
  ['mon-fri 18:00-08:00', 'mon-fri 18:00-08:00'],
  ['周一至周五', '周一至周五'],
  ['tomorrow 18:00-20:00', 'tomorrow 18:00-20:00'],
  ['', ''],
])('%s -> %s', (typed, written) => {
  expect(hoursOfTyped(typed)).toBe(written);
});

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
});
const days = fc.option(fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom(...DAYS)), { nil: null });

const hoursOf = (text: string) => {
  const hours = parseSharingHours(text);
  return hours === null ? null : { ...hours, days: hours.days.toSorted() };
};

test.each(['en', 'zh-CN'] as const)('%s: what the list shows can be typed back', (language) => {
  fc.assert(
    fc.property(days, time, time, (range, from, to) => {
      fc.pre(from !== to);
      const item = `${range === null ? '' : `${range[0]}-${range[1]} `}${from}-${to}`;
      const shown = itemText(labelsIn(language), 'agent.sharing_hours', item);
      expect(hoursOf(hoursOfTyped(shown))).toEqual(hoursOf(item));
    }),
  );
});
