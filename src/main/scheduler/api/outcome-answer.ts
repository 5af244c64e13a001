// An operation's outcome as an HTTP answer.
import { APP_ERRORS, type AppError, type AppErrorCode, type Outcome } from '../../../shared/api/app-api';
import { httpStatusOf, isErrorCode, messageIn } from '../../../shared/protocol/codes';
import { errorHeaders } from '../access/error-body';
import { type Answer, json } from './route';

/** For codes outside the catalogue (`NOT_AVAILABLE_HERE`, `NOT_CONNECTED`, ...): the state of things forbids it. */
const OTHER_STATUS = 409;

export function answerOf<Value>(outcome: Outcome<Value>, view: (value: Value) => unknown = (value) => value): Answer {
  return outcome.ok ? json(view(outcome.value)) : errorAnswer(outcome.error);
}

export function errorAnswer(error: AppError): Answer {
  const { code } = error;
  return {
    kind: 'error',
    status: isErrorCode(code) ? httpStatusOf(code) : OTHER_STATUS,
    // Outcomes are in English.
    bodyIn: (language) => ({ error: language === 'en' ? error : { ...error, message: chineseOf(error) } }),
    headers: isErrorCode(code) ? errorHeaders(code) : {},
  };
}

/** By the code; the message as it is where the code is not known here. */
function chineseOf({ code, message }: AppError): string {
  if (isErrorCode(code)) return messageIn(code, 'zh');
  return isAppErrorCode(code) ? APP_ERRORS[code].zh : message;
}

const isAppErrorCode = (code: string): code is AppErrorCode => Object.hasOwn(APP_ERRORS, code);
