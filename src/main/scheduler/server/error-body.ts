// The one shape of an HTTP error (api §1).
import type { ErrorBody } from '../../../shared/api/node-view';
import { type ErrorCode, messageOf } from '../../../shared/protocol/codes';

export const errorBody = (code: ErrorCode, details: ErrorBody['error']['details']): ErrorBody => ({
  error: { code, message: messageOf(code), details },
});
