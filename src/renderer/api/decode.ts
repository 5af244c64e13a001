// Decodes events and outcomes of every transport with the shared schemas: parsed once at this edge, trusted inside.
import { type AppError, appErrorSchema } from '../../shared/api/app-error';
import { type OperationName, type OperationResult, OPERATIONS, type Outcome } from '../../shared/api/app-api';
import { type AppEvent, appEventsSchema } from '../../shared/api/app-state';
import { type AskEvent, askEventsSchema } from '../../shared/api/ask';
import { type DecodeError, validate } from '../../shared/protocol/decode';
import { fail, ok, type Result } from '../../shared/result';

export const decodeAskEvents = (value: unknown): Result<readonly AskEvent[], DecodeError> => validate(value, askEventsSchema);

export const decodeEvents = (value: unknown): Result<readonly AppEvent[], DecodeError> => validate(value, appEventsSchema);

/** The result of an operation. `INVALID_MESSAGE` with the field means that program and renderer differ in version. */
export function decodeResult<Name extends OperationName>(name: Name, value: unknown): Outcome<OperationResult<Name>> {
  const decoded = validate(value, OPERATIONS[name].result);
  if (!decoded.ok)
    return fail({ code: 'INVALID_MESSAGE', message: '', details: { field: decoded.error.field, reason: decoded.error.reason } });
  // The table maps a name to its schema; the compiler cannot follow that through a generic index.
  return ok(decoded.value as OperationResult<Name>);
}

/** The error in a response, or `INVALID_MESSAGE` where the response has none. */
export function decodeError(value: unknown): AppError {
  const decoded = validate(value, appErrorSchema);
  return decoded.ok ? decoded.value : { code: 'INVALID_MESSAGE', message: '', details: { ...decoded.error } };
}
