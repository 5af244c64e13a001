// An operation's outcome as an HTTP answer.
import type { AppError, Outcome } from '../../../shared/api/app-api';
import { httpStatusOf, isSchedulerErrorCode } from '../../../shared/protocol/codes';
import { errorHeaders } from '../access/error-body';
import { type Answer, json } from './route';

/** For codes outside the catalogue (`NOT_AVAILABLE_HERE`, `NOT_CONNECTED`, ...): the state of things forbids it. */
const OTHER_STATUS = 409;

export function answerOf<Value>(outcome: Outcome<Value>, view: (value: Value) => unknown = (value) => value): Answer {
  return outcome.ok ? json(view(outcome.value) ?? {}) : errorAnswer(outcome.error);
}

export function errorAnswer(error: AppError): Answer {
  const { code } = error;
  if (!isSchedulerErrorCode(code)) return { kind: 'json', status: OTHER_STATUS, body: { error } };
  return { kind: 'json', status: httpStatusOf(code), body: { error }, headers: errorHeaders(code) };
}
