// The limits of a key as a form has them: numbers are texts, and an empty text is no limit.
import type { KeyLimits } from '../../../shared/api/members';
import {
  PRIORITY_NAMES,
  type PriorityClass,
  PROGRAM_LIMIT_NAMES,
  PROGRAM_LIMITS,
  type ProgramLimitName,
} from '../../../shared/api/program-limits';

export type LimitTexts = Readonly<Record<ProgramLimitName, string>> & { readonly priority: PriorityClass };

export const NO_LIMITS: LimitTexts = {
  requests_per_minute: '',
  tokens_per_minute: '',
  max_at_once: '',
  tokens_per_day: '',
  priority: 'normal',
};

export function limitTextsOf(limits: KeyLimits): LimitTexts {
  const texts = Object.fromEntries(PROGRAM_LIMIT_NAMES.map((name) => [name, String(limits[name] ?? '')]));
  return { ...NO_LIMITS, ...texts, priority: limits.priority ?? 'normal' };
}

const DIGITS = /^\d{1,15}$/;

/** Whether the scheduler would refuse the text of this field. */
export function isWrong(name: ProgramLimitName, text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '') return false;
  return !DIGITS.test(trimmed) || Number(trimmed) < 1 || Number(trimmed) > PROGRAM_LIMITS[name];
}

export const hasWrong = (texts: LimitTexts): boolean => PROGRAM_LIMIT_NAMES.some((name) => isWrong(name, texts[name]));

/** The scheduler reserves 1,024 tokens for each answer of a request without `max_tokens`. The prompt and its template need some, too. */
const LEAST_TOKENS_PER_DAY = 1100;

/** Whether the tokens per day are less than what one request without `max_tokens` reserves. */
export function refusesRequests({ tokens_per_day: text }: LimitTexts): boolean {
  return text.trim() !== '' && !isWrong('tokens_per_day', text) && Number(text) < LEAST_TOKENS_PER_DAY;
}

type LimitsParam = Record<ProgramLimitName, number | null> & { priority: PriorityClass | null };

/** All of these limits: null removes one. */
export function limitsParam(texts: LimitTexts): LimitsParam {
  const numberOf = (name: ProgramLimitName): number | null => (texts[name].trim() === '' ? null : Number(texts[name]));
  return {
    requests_per_minute: numberOf('requests_per_minute'),
    tokens_per_minute: numberOf('tokens_per_minute'),
    max_at_once: numberOf('max_at_once'),
    tokens_per_day: numberOf('tokens_per_day'),
    priority: texts.priority === 'normal' ? null : texts.priority,
  };
}

export const isPriorityClass = (text: string): text is PriorityClass => PRIORITY_NAMES.some((name) => name === text);
