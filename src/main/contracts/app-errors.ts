// Failures of the app itself, in addition to the error catalogue. The messages are for logs and command lines. The UI translates codes.
import type { AppError } from '../../shared/api/app-api';
import { type ErrorCode, messageOf } from '../../shared/protocol/codes';
import { APP_ERROR_TEXTS, HOST_NOT_STARTED } from '../../shared/reasons/errors';
import { bilingual } from '../../shared/reasons/reason-text';
import { fail } from '../../shared/result';

export type AppErrorCode = keyof typeof APP_ERROR_TEXTS;
type Failure = { readonly ok: false; readonly error: AppError };

/** A failed outcome with the message of its code. */
export function failure(code: AppErrorCode | ErrorCode, details: AppError['details'] = null): Failure {
  return fail({ code, message: isAppErrorCode(code) ? bilingual(APP_ERROR_TEXTS[code]) : messageOf(code), details });
}

const isAppErrorCode = (code: string): code is AppErrorCode => Object.hasOwn(APP_ERROR_TEXTS, code);

/** For an operation that this mode of the program does not have. */
export const notAvailableHere = (): Failure => failure('NOT_AVAILABLE_HERE');

/** For a hosted scheduler that did not start. The code is the scheduler's. */
export const hostFailure = (code: string, details: AppError['details']): Failure =>
  fail({ code, message: bilingual(HOST_NOT_STARTED), details });
