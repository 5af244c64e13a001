import type { JobTimings } from '../../src/main/scheduler/dispatch/prediction/job-timings';

/** A node that reported no figure of a job. */
export const NO_TIMINGS: JobTimings = {
  queueMs: null,
  loadMs: null,
  firstTokenMs: null,
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  decodeMs: null,
  inputUnits: null,
};
