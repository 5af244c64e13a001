// An operation's outcome as an HTTP answer.
import type { AppError, Outcome } from '../../../shared/api/app-api';
import { HTTP_ERRORS, httpStatusOf, NODE_ERRORS } from '../../../shared/protocol/codes';
import { type Answer, json } from './route';

/** For codes outside the catalogue (`NOT_AVAILABLE_HERE`, `NOT_CONNECTED`, ...): the state of things forbids it. */
const OTHER_STATUS = 409;

export function answerOf<Value>(outcome: Outcome<Value>, view: (value: Value) => unknown = (value) => value): Answer {
  return outcome.ok ? json(view(outcome.value)) : errorAnswer(outcome.error);
}

export const errorAnswer = (error: AppError): Answer => ({ kind: 'json', status: statusOf(error.code), body: { error } });

function statusOf(code: string): number {
  return Object.hasOwn(NODE_ERRORS, code) || Object.hasOwn(HTTP_ERRORS, code)
    ? httpStatusOf(code as Parameters<typeof httpStatusOf>[0])
    : OTHER_STATUS;
}
