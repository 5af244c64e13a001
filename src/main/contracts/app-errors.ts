// The failures of operations, in English: for logs and command lines. The UI translates by code.
import { APP_ERRORS, type AppError, type AppErrorCode } from '../../shared/api/app-api';
import { type ErrorCode, messageIn } from '../../shared/protocol/codes';
import { fail } from '../../shared/result';

type Failure = { readonly ok: false; readonly error: AppError };

/** A failed outcome with the words of its code. */
export function failure(code: AppErrorCode | ErrorCode, details: AppError['details'] = null): Failure {
  const message = code in APP_ERRORS ? APP_ERRORS[code as AppErrorCode].en : messageIn(code as ErrorCode, 'en');
  return fail({ code, message, details });
}

/** For an operation whose part this program lacks. */
export const notAvailableHere = (): Failure => failure('NOT_AVAILABLE_HERE');

/** For a hosted scheduler that did not start: the code is its own word. */
export const hostFailure = (code: string, details: AppError['details']): Failure =>
  fail({ code, message: 'the scheduler did not start', details });
