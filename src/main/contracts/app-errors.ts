// The failures that only the app itself has, beside those of the error catalogue. Words are for logs and command lines; the
// UI translates by code.
import type { AppError } from '../../shared/api/app-api';
import { type ErrorCode, messageOf } from '../../shared/protocol/codes';
import { fail } from '../../shared/result';

const APP_ERRORS = {
  NOT_AVAILABLE_HERE: '此程序不提供该功能 / this program cannot do that',
  DISCONNECTED: '无法连接到调度器 / the scheduler cannot be reached',
  STOPPED: '已停止 / it was stopped',
} as const;

export type AppErrorCode = keyof typeof APP_ERRORS;
type Failure = { readonly ok: false; readonly error: AppError };

/** A failed outcome with the words of its code. */
export function failure(code: AppErrorCode | ErrorCode, details: AppError['details'] = null): Failure {
  return fail({ code, message: code in APP_ERRORS ? APP_ERRORS[code as AppErrorCode] : messageOf(code as ErrorCode), details });
}

/** For an operation whose part this program lacks. */
export const notAvailableHere = (): Failure => failure('NOT_AVAILABLE_HERE');

/** For a hosted scheduler that did not start: the code is its own word. */
export const hostFailure = (code: string, details: AppError['details']): Failure =>
  fail({ code, message: '调度器未能启动 / the scheduler did not start', details });
