// How much a job counts in the limits of the queue, and whether that follows its memory.
import { expect, it } from 'vitest';
import { MODEL_KINDS } from '../../../../../src/shared/protocol/node-messages';
import type { JobRequirements } from '../../../../../src/main/scheduler/dispatch/job-requirements';
import { queueWeightOf } from '../../../../../src/main/scheduler/jobs/machine/queue-weight';
import { WaitingJobs } from '../../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { liveHeapBytes } from '../../../../support/heap';
import { aJob } from '../job-records';

/** New texts for each job, as from a request. */
const longest = (seq: number): JobRequirements => ({
  requiredModels: Array.from({ length: 64 }, (_, i) => Buffer.from(`${String(seq)}-${String(i)}-`.padEnd(256, '模')).toString()),
  requiredKinds: Array.from({ length: 16 }, (_, i) => ({
    kind: MODEL_KINDS[0],
    srcLang: Buffer.from(`${String(seq)}-${String(i)}`.padEnd(64, '语')).toString(),
    tgtLang: Buffer.from(`${String(i)}-${String(seq)}`.padEnd(64, '语')).toString(),
  })),
  public: true,
});

it.each<[string, JobRequirements]>([
  ['none', { requiredModels: [], public: true }],
  ['a model with the longest name', { requiredModels: ['x'.repeat(256)], public: true }],
  [
    'six models and a kind',
    { requiredModels: Array.from({ length: 6 }, () => 'x'.repeat(60)), requiredKinds: [{ kind: 'nmt' }], public: true },
  ],
])('requirements: %s -> counts as one job', (_case, requirements) => {
  expect(queueWeightOf(requirements)).toBe(1);
});

it('longest requirements -> their memory is less than what they count for', () => {
  const waiting = new WaitingJobs();
  let weight = 0;
  const before = liveHeapBytes();
  for (let seq = 1; seq <= 400; seq++) {
    const job = aJob({ jobId: `job-${String(seq)}`, seq, requirements: longest(seq) });
    waiting.add(job);
    weight += queueWeightOf(job.requirements);
  }
  const bytesOfOne = (liveHeapBytes() - before) / weight;
  expect(waiting.size).toBe(400);
  expect(bytesOfOne).toBeLessThan(5000);
  expect(bytesOfOne).toBeGreaterThan(1000);
});
