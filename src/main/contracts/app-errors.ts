// Failures of operations, in English, for logs and command lines. The UI translates codes.
import type { AppError } from '../../shared/api/app-api';
import { type ErrorCode, messageIn } from '../../shared/protocol/codes';
import { APP_ERROR_TEXTS, type AppErrorCode, HOST_NOT_STARTED, isAppErrorCode } from '../../shared/reasons/errors';
import { fail } from '../../shared/result';

type Failure = { readonly ok: false; readonly error: AppError };

/** A failed outcome with the message of its code. */
export function failure(code: AppErrorCode | ErrorCode, details: AppError['details'] = null): Failure {
  return fail({ code, message: isAppErrorCode(code) ? APP_ERROR_TEXTS[code].en : messageIn(code, 'en'), details });
}

/** For an operation that this mode of the program does not have. */
export const notAvailableHere = (): Failure => failure('NOT_AVAILABLE_HERE');

/** For a hosted scheduler that did not start. The code comes from the scheduler. */
export const hostFailure = (code: string, details: AppError['details']): Failure => fail({ code, message: HOST_NOT_STARTED.en, details });
