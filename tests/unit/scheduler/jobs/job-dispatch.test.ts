// A node that becomes available is tried with the waiting jobs in slices, so that thousands of different jobs do not block the event loop.
import { ManualClock } from '../../../support/manual-clock';
import { shapeOfSize } from '../../../../src/main/scheduler/dispatch/prediction/request-shape';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { suits } from '../../../../src/main/scheduler/dispatch/filters';
import { JobDispatch } from '../../../../src/main/scheduler/jobs/job-dispatch';
import type { JobFacts } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { silentLogger } from '../../../../src/main/platform/logger';
import { aModel, aProfile, aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

const MODEL = 'nmt-en-zh';
const node = aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: MODEL })], maxConcurrentJobs: 256 }), provenSlots: 256 });

/** Waiting jobs with different requirements. The node suits those from `firstSuiting` on. */
function waitingJobs(count: number, firstSuiting: number): JobFacts[] {
  return Array.from({ length: count }, (_, i) =>
    aJob({
      jobId: `job-${String(i)}`,
      seq: i,
      requirements: { requiredModels: [MODEL], public: false, minGpuMemoryGb: i < firstSuiting ? 1000 + i : 1 + i / count },
    }),
  );
}

function aDispatch(jobs: readonly JobFacts[], slots: number) {
  const waiting = new WaitingJobs();
  for (const job of jobs) waiting.add(job);
  const byId = new Map(jobs.map((job) => [job.jobId, job]));
  const assigned: string[] = [];
  const deferred: (() => void)[] = [];
  let checks = 0;
  const candidate = (): NodeRecord | undefined => (assigned.length < slots ? node : undefined);
  const pool = {
    dispatcher: {
      candidate,
      suits: (record: NodeRecord, job: JobFacts['requirements']) => {
        checks++;
        return suits(record, job, DEFAULT_DISPATCH_POLICY);
      },
      decide: () => ({ node, candidates: 1, route: 'fallback' as const, forecasts: [], heldFor: null, turn: 0, reasons: null }),
      recordNoCandidate: () => ({}),
    },
    apply: () => null,
    records: () => [node],
  };
  const table = {
    waiting,
    get: () => undefined,
    apply: (jobId: string) => {
      assigned.push(jobId);
      const job = byId.get(jobId);
      if (job !== undefined) waiting.delete(job);
      return [];
    },
  };
  const dispatch = new JobDispatch({
    table,
    pool,
    logger: silentLogger,
    forecasts: { shapeOf: () => shapeOfSize('command', 1), assigned: () => undefined },
    stats: { routed: () => undefined },
    clock: new ManualClock(),
    isStorageFailing: () => false,
    defer: (callback) => deferred.push(callback),
  });
  /** The checks in one turn of the event loop. */
  const turn = (act: () => void): number => {
    const before = checks;
    act();
    return checks - before;
  };
  const laterTurns = (): number[] => {
    const turns: number[] = [];
    for (let callback = deferred.shift(); callback !== undefined; callback = deferred.shift()) turns.push(turn(callback));
    return turns;
  };
  return { dispatch, assigned, waiting, turn, laterTurns };
}

describe('a node becomes available while many different jobs wait', () => {
  const MAX_CHECKS_IN_TURN = 4000;

  it.each([
    ['2,000 groups, none suits', 2000, 2000, 0],
    ['2,000 groups, the newest 300 suit', 2000, 1700, 256],
    ['10,000 groups, none suits', 10_000, 10_000, 0],
    ['10,000 groups, the newest 300 suit', 10_000, 9700, 256],
    ['10,000 groups, all suit', 10_000, 0, 256],
  ])('%s -> jobs assigned in queue order, in turns of bounded work', (_title, count, firstSuiting, expected) => {
    const jobs = waitingJobs(count, firstSuiting);
    const { dispatch, assigned, turn, laterTurns } = aDispatch(jobs, 256);
    const first = turn(() => {
      dispatch.tryNode('node-1');
    });
    const turns = [first, ...laterTurns()];
    expect(assigned).toEqual(jobs.slice(firstSuiting, firstSuiting + expected).map(({ jobId }) => jobId));
    expect(Math.max(...turns)).toBeLessThanOrEqual(MAX_CHECKS_IN_TURN);
  });

  it('node flaps 50 times in one turn -> the work of all tries is bounded', () => {
    const { dispatch, turn } = aDispatch(waitingJobs(2000, 2000), 256);
    const checks = turn(() => {
      for (let i = 0; i < 50; i++) dispatch.tryNode('node-1');
    });
    expect(checks).toBeLessThanOrEqual(MAX_CHECKS_IN_TURN);
  });

  it('few groups -> all in the same turn', () => {
    const { dispatch, assigned } = aDispatch(waitingJobs(20, 10), 256);
    dispatch.tryNode('node-1');
    expect(assigned).toHaveLength(10);
  });

  it('jobs of one group have other priorities than those of another -> queue order over both', () => {
    const jobs = waitingJobs(2, 0).flatMap((job, i) =>
      [5, 3, 1].map((priority, n) => ({ ...job, jobId: `${String(i)}-${String(priority)}`, seq: 10 * n + i, priority })),
    );
    const { dispatch, assigned } = aDispatch(jobs, 256);
    dispatch.tryNode('node-1');
    expect(assigned).toEqual(['0-5', '1-5', '0-3', '1-3', '0-1', '1-1']);
  });

  it('job leaves the queue between two turns -> not assigned', () => {
    const jobs = waitingJobs(5000, 0);
    const { dispatch, assigned, waiting, laterTurns } = aDispatch(jobs, 256);
    dispatch.tryNode('node-1');
    expect(assigned).toEqual([]);
    for (const job of jobs.slice(0, 4990)) waiting.delete(job);
    laterTurns();
    expect(assigned).toEqual(jobs.slice(4990).map(({ jobId }) => jobId));
  });

  it('stopped between two turns -> no later turn goes on', () => {
    const { dispatch, assigned, laterTurns } = aDispatch(waitingJobs(5000, 0), 256);
    dispatch.tryNode('node-1');
    dispatch.stop();
    laterTurns();
    expect(assigned).toEqual([]);
  });
});
