// The totals, the history, the failures and the missing models of a pool.
import type { MissingModel } from '../../src/shared/api/missing-models';
import { NODE_RANGES, type NodeHistory } from '../../src/shared/api/node-history';
import type { AppFailedJob, FailedJob } from '../../src/shared/api/pool-failures';
import { POOL_RANGES, type PoolHistory, type PoolTotals } from '../../src/shared/api/pool-history';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../src/shared/protocol/status';

const NO_NODES = Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, 0])) as Record<AvailabilityState, number>;

export const poolTotals = (change: Partial<PoolTotals> = {}): PoolTotals => ({
  at: 1,
  nodes: { ...NO_NODES, available: 1 },
  gpus: { total: 1, offered: 1 },
  vram_gb: { total: 24, pool: 8, owners: 1.5 },
  gpu_percent: { pool: 40, owners: 5 },
  slots: { total: 4, used: 1 },
  jobs: { running: 1, waiting: 0, oldest_wait_seconds: null, ended_per_minute: 12 },
  output_tokens_per_second: 40,
  first_token_ms: { median: 420, p95: 1900 },
  last_24h: { since: 1, jobs_ended: 900, output_tokens: 98_000 },
  ...change,
});

/** The points of a history, and a column with the same value at each of them. */
const axis = (at: readonly number[] = [0]) => ({ at: [...at], column: <Value>(value: Value): Value[] => at.map(() => value) });

export const poolHistory = (change: Partial<PoolHistory> = {}): PoolHistory => {
  const range = change.range ?? '1h';
  const { at, column } = axis(change.at);
  return {
    step_seconds: POOL_RANGES[range].stepSeconds,
    from: 0,
    until: POOL_RANGES[range].seconds * 1000,
    nodes: Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, column(0)])) as unknown as PoolHistory['nodes'],
    gpus: column(1),
    gpus_offered: column(1),
    gpu_pool_percent: column(40),
    gpu_owners_percent: column(5),
    vram_gb: column(24),
    vram_pool_gb: column(8),
    vram_owners_gb: column(1.5),
    slots: column(4),
    slots_used: column(1),
    running_jobs: column(1),
    waiting_jobs: column(0),
    oldest_wait_seconds: column(null),
    ended_per_minute: column(12),
    output_tokens_per_second: column(40),
    first_token_median_ms: column(420),
    first_token_p95_ms: column(1900),
    marks: [],
    ...change,
    range,
    at,
  };
};

export const nodeHistory = (change: Partial<NodeHistory> = {}): NodeHistory => {
  const range = change.range ?? '1h';
  const { at, column } = axis(change.at);
  return {
    step_seconds: NODE_RANGES[range].stepSeconds,
    from: 0,
    until: NODE_RANGES[range].seconds * 1000,
    state: column('available'),
    gpu_pool_percent: column(40),
    gpu_owner_percent: column(5),
    vram_pool_gb: column(8),
    vram_owner_gb: column(1.5),
    events: [],
    ...change,
    range,
    at,
  };
};

export const missingModel = (modelId: string, change: Partial<MissingModel> = {}): MissingModel => ({
  model_id: modelId,
  requests: 23,
  since: 1,
  last_at: 2,
  mixed_scripts: false,
  vram_gb: 18.6,
  fits_nodes: 1,
  ...change,
});

export const failedJob = (jobId: string, change: Partial<FailedJob> = {}): FailedJob => ({
  job_id: jobId,
  model: 'llm-a',
  status: 'failed',
  finished_at: 5,
  attempts: 1,
  node_id: 'node-A',
  outcome: 'failed',
  error: { code: 'runtime_http_500', message: 'the runtime failed', details: { status: 500 } },
  retried_on: null,
  ...change,
});

export const appFailedJob = (jobId: string, change: Partial<AppFailedJob> = {}): AppFailedJob => ({
  ...failedJob(jobId),
  error: { code: 'runtime_http_500', message: 'the runtime failed', details: { status: 500 }, reasons: null },
  ...change,
});
