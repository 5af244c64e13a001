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
  /** Requests whose tokens, or some, are estimated. */
  readonly estimated: number;
  /** Requests over a limit of their key (429). They are in no other count. */
  readonly refused: number;
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
  refused: 0,
};

const withMore = (one: UsageCounts, more: Partial<UsageCounts>, times: 1 | -1): UsageCounts => ({
  requests: one.requests + times * (more.requests ?? 0),
  failed: one.failed + times * (more.failed ?? 0),
  cancelled: one.cancelled + times * (more.cancelled ?? 0),
  promptTokens: one.promptTokens + times * (more.promptTokens ?? 0),
  cachedTokens: one.cachedTokens + times * (more.cachedTokens ?? 0),
  outputTokens: one.outputTokens + times * (more.outputTokens ?? 0),
  gpuMs: one.gpuMs + times * (more.gpuMs ?? 0),
  estimated: one.estimated + times * (more.estimated ?? 0),
  refused: one.refused + times * (more.refused ?? 0),
});

export const addCounts = (one: UsageCounts, more: Partial<UsageCounts>): UsageCounts => withMore(one, more, 1);
export const minusCounts = (all: UsageCounts, part: UsageCounts): UsageCounts => withMore(all, part, -1);
