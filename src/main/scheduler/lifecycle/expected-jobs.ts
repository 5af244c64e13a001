// The jobs in flight on a node that have a prediction: when they should end, the time for prompts that the node has not processed yet,
// and the loads that they wait for. Part of the node's record. A job of an earlier run of the scheduler has none.

export interface ExpectedJob {
  /** Predicted time to process the prompt, ms. 0 after the first token. */
  readonly promptMs: number;
  /** Predicted end, monotonic ms. */
  readonly endMonotonicMs: number;
  /** The load of its model that the job waits for. Absent: the model was in memory. */
  readonly load?: ExpectedLoad;
}

interface ExpectedLoad {
  readonly modelId: string;
  readonly beginMonotonicMs: number;
  /** The predicted duration. 0 after the first token: the model is in memory, whatever the last report of the node says. */
  readonly ms: number;
}

export type ExpectedJobs = ReadonlyMap<string, ExpectedJob>;

export const NO_EXPECTED_JOBS: ExpectedJobs = new Map();

export const withJob = (jobs: ExpectedJobs, jobId: string, job: ExpectedJob): ExpectedJobs => new Map(jobs).set(jobId, job);

export function withoutJob(jobs: ExpectedJobs, jobId: string): ExpectedJobs {
  if (!jobs.has(jobId)) return jobs;
  const others = new Map(jobs);
  others.delete(jobId);
  return others;
}

/** The node has sent the first token of the job. */
export function withFirstToken(jobs: ExpectedJobs, jobId: string): ExpectedJobs {
  const job = jobs.get(jobId);
  if (job === undefined || (job.promptMs === 0 && (job.load?.ms ?? 0) === 0)) return jobs;
  const load = job.load === undefined ? {} : { load: { ...job.load, ms: 0 } };
  return new Map(jobs).set(jobId, { ...job, promptMs: 0, ...load });
}

/** The rest of the load of the model that a job in flight waits for, ms. Null: no load began with a job in flight. */
export function loadLeftMs(jobs: ExpectedJobs, modelId: string, nowMonotonicMs: number): number | null {
  let leftMs: number | null = null;
  for (const { load } of jobs.values()) {
    if (load?.modelId !== modelId) continue;
    const passedMs = Math.max(0, nowMonotonicMs - load.beginMonotonicMs);
    leftMs = Math.max(leftMs ?? 0, load.ms - passedMs);
  }
  return leftMs;
}

/** Whether a job in flight waits for a load. `modelId`: of this model. */
export function isLoadExpected(jobs: ExpectedJobs, modelId?: string): boolean {
  for (const { load } of jobs.values())
    if (load !== undefined && load.ms > 0 && (modelId === undefined || load.modelId === modelId)) return true;
  return false;
}

/** Predicted time for all prompts that the node has not processed yet, ms. */
export function promptsMs(jobs: ExpectedJobs): number {
  let sum = 0;
  for (const { promptMs } of jobs.values()) sum += promptMs;
  return sum;
}
