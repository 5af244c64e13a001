// Encodes the timings of an attempt for the API.
import type { JobTimingsMessage } from '../../../../shared/protocol/job-timings';
import type { JobTimings } from '../../dispatch/prediction/job-timings';

export const toTimings = (timings: JobTimings): JobTimingsMessage => ({
  queue_ms: timings.queueMs,
  load_ms: timings.loadMs,
  first_token_ms: timings.firstTokenMs,
  prompt_tokens: timings.promptTokens,
  cached_tokens: timings.cachedTokens,
  completion_tokens: timings.completionTokens,
  decode_ms: timings.decodeMs,
  input_units: timings.inputUnits,
});
