// Why each row of a list waits, and how many nodes one list reads for that.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { JobRows } from '../../../../src/main/scheduler/jobs/job-rows';
import { listedJobOf } from '../../../../src/main/scheduler/jobs/machine/job-view';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { at } from '../lifecycle/records';
import { played } from './job-records';

/** Waiting jobs, each with a model of its own, in a pool whose nodes have none of the models. */
async function reasonsOf(jobs: number, nodeCount: number, modelOf = (seq: number) => `llm-${String(seq)}`) {
  const records = Array.from({ length: jobs }, (_, i) => {
    const seq = i + 1;
    return played([], { jobId: `job-${String(seq)}`, seq, requirements: { requiredModels: [modelOf(seq)], public: true } });
  });
  const byId = new Map(records.map((record) => [record.facts.jobId, record]));
  const waiting = new WaitingJobs();
  for (const { facts } of records) waiting.add(facts);
  let [counted, turns] = [0, 0];
  const rows = new JobRows({
    table: { waiting, get: (jobId: string) => byId.get(jobId) },
    pool: {
      now: () => at(0),
      record: () => undefined,
      dispatcher: {
        nodeCount,
        requests: { isMeasured: () => true },
        exclusionTally: (_job: JobRequirements) => {
          counted++;
          return { model_not_available: { count: nodeCount, examples: [] } };
        },
      },
    },
    writer: { isFailing: false },
    heldUntil: () => null,
    progressOf: () => null,
  } as never);
  const completed = await rows.completed(
    records.map((record) => listedJobOf(toStoredJob(record))),
    () => {
      turns++;
      return nextTurn();
    },
  );
  return { reasons: completed.map(({ wait }) => wait?.reasons), counted, turns };
}

it('500 different jobs, 300 nodes -> every row has its reasons', async () => {
  const { reasons } = await reasonsOf(500, 300);
  expect(reasons).toEqual(Array.from({ length: 500 }, () => ({ model_not_available: 300 })));
});

it('different jobs in a pool of 10,000 nodes -> 16 of them read the nodes, the others have no reasons', async () => {
  const { reasons, counted } = await reasonsOf(20, 10_000);
  expect(reasons.filter((row) => row === null)).toHaveLength(4);
  expect(counted).toBe(16);
});

it('500 equal jobs -> the others are read once, in one turn', async () => {
  const { turns } = await reasonsOf(500, 1, () => 'llm');
  expect(turns).toBe(0);
});
