// What is counted of requests and of the work of nodes.

export interface UsageCounts {
  /** Those that ended, also failed and cancelled ones. */
  readonly requests: number;
  readonly failed: number;
  readonly cancelled: number;
  /** With the cached ones. */
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly gpuMs: number;
  readonly estimated: number;
}

export const NOTHING: UsageCounts = {
  requests: 0,
  failed: 0,
  cancelled: 0,
  promptTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  gpuMs: 0,
  estimated: 0,
};

export const addCounts = (one: UsageCounts, more: Partial<UsageCounts>): UsageCounts => ({
  requests: one.requests + (more.requests ?? 0),
  failed: one.failed + (more.failed ?? 0),
  cancelled: one.cancelled + (more.cancelled ?? 0),
  promptTokens: one.promptTokens + (more.promptTokens ?? 0),
  cachedTokens: one.cachedTokens + (more.cachedTokens ?? 0),
  outputTokens: one.outputTokens + (more.outputTokens ?? 0),
  gpuMs: one.gpuMs + (more.gpuMs ?? 0),
  estimated: one.estimated + (more.estimated ?? 0),
});
