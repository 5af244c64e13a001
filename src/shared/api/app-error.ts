// How an operation of AppApi, or a request to a model, fails.
import { z } from 'zod';
import { MAX_DETAILS, recordOf } from '../protocol/bounded';
import type { Result } from '../result';

/** Why an operation failed: a code that the UI translates, and the values behind it. */
export const appErrorSchema = z.object({
  /** A code of the error catalogue or of `APP_ERROR_TEXTS`, or the reason why a hosted scheduler did not start. */
  code: z.string(),
  /** For logs and command lines: in English, and over HTTP in the language that the client prefers. */
  message: z.string(),
  details: recordOf(z.string(), z.json(), MAX_DETAILS).nullable(),
});
export type AppError = z.infer<typeof appErrorSchema>;
export type Outcome<Value> = Result<Value, AppError>;
