// The operation `agent.pause`: the owner pauses this computer (ADR 0026).
import { z } from 'zod';
import { RUNNING_JOBS } from '../protocol/pauses';

/** `until_ms`: Unix ms, at most 30 days from now. Null: until the owner resumes. */
export const agentPauseParamsSchema = z.strictObject({
  until_ms: z.number().int().min(0).nullable(),
  running_jobs: z.enum(RUNNING_JOBS),
});
