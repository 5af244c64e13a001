// The error of a scheduler in an answer: in its own shape, or in the one of OpenAI, which the paths of `/v1` have.
import { z } from 'zod';
import type { AppError } from '../../shared/api/app-api';
import { errorBodySchema } from '../../shared/api/node-view';
import { isSchedulerErrorCode } from '../../shared/protocol/codes';

const openAiErrorSchema = z.object({ error: z.object({ code: z.string().max(64), message: z.string() }) });

/** Null: the answer has no error of a scheduler. */
export function refusalOf(answer: unknown): AppError | null {
  const own = errorBodySchema.safeParse(answer);
  if (own.success) return own.data.error;
  const openAi = openAiErrorSchema.safeParse(answer);
  if (!openAi.success) return null;
  const { code, message } = openAi.data.error;
  const catalogued = code === 'invalid_api_key' ? 'UNAUTHORIZED' : code.toUpperCase();
  return { code: isSchedulerErrorCode(catalogued) ? catalogued : code, message, details: null };
}
