// Sharing hours as a person types them, also in the words in which the list shows them, to the text of the configuration. Pure.
import { parseSharingHours } from '../../shared/sharing-hours';

const CHINESE_DAYS: Readonly<Record<string, string>> = {
  日: 'sun',
  天: 'sun',
  一: 'mon',
  二: 'tue',
  三: 'wed',
  四: 'thu',
  五: 'fri',
  六: 'sat',
};

/** Text that has no such hours stays as it is: the program says what it expects. */
export function hoursOfTyped(typed: string): string {
  const text = typed
    .toLowerCase()
    .replace(/(?:周|星期)([日天一二三四五六])/g, (_, day: string) => CHINESE_DAYS[day] ?? day)
    .replace(/每天|every day|次日|the next day/g, ' ')
    .replace(/\bto\b|[至到–—－]/g, '-')
    .replace(/[,，]/g, ' ')
    .replaceAll('：', ':')
    .replace(/\s*-\s*/g, '-')
    .replace(/([a-z])(?=\d)/g, '$1 ')
    .replace(/\s+/g, ' ')
    .trim();
  return parseSharingHours(text) === null ? typed : text;
}
