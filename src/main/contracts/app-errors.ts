// Failures of the app itself, in addition to the error catalogue. The messages are for logs and command lines. The UI translates codes.
import type { AppError } from '../../shared/api/app-api';
import { type ErrorCode, messageOf } from '../../shared/protocol/codes';
import { fail } from '../../shared/result';

const APP_ERRORS = {
  NOT_AVAILABLE_HERE: '当前运行模式不支持 / not available in this mode',
  DISCONNECTED: '无法连接到调度器 / the scheduler cannot be reached',
  STOPPED: '操作被中断 / the operation was interrupted',
} as const;

export type AppErrorCode = keyof typeof APP_ERRORS;
type Failure = { readonly ok: false; readonly error: AppError };

/** A failed outcome with the message of its code. */
export function failure(code: AppErrorCode | ErrorCode, details: AppError['details'] = null): Failure {
  return fail({ code, message: code in APP_ERRORS ? APP_ERRORS[code as AppErrorCode] : messageOf(code as ErrorCode), details });
}

/** For an operation that this mode of the program does not have. */
export const notAvailableHere = (): Failure => failure('NOT_AVAILABLE_HERE');

/** For a hosted scheduler that did not start. The code is the scheduler's. */
export const hostFailure = (code: string, details: AppError['details']): Failure =>
  fail({ code, message: '调度器未能启动 / the scheduler did not start', details });
