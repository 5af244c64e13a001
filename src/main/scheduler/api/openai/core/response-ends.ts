// Ends of a response that no event of the job decides.
import type { Localized } from '../../../../../shared/language';
import type { ResponseAct } from './response-state';

export const UNKNOWN_JOB: Localized = { en: 'the job no longer exists', zh: '任务已不存在' };

export const TOO_LARGE: ResponseAct = {
  type: 'broken',
  reason: 'unreadable_output',
  error: { code: 'answer_too_large', message: 'the answer exceeds a limit of the translation', details: null },
};
