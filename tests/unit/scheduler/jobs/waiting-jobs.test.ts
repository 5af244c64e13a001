import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import type { JobFacts } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { aModel, aProfile, aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

const node = aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: 'llm-a', kind: 'llm' })] }) });
const yes = (): boolean => true;

function waitingWith(...jobs: readonly JobFacts[]): WaitingJobs {
  const waiting = new WaitingJobs();
  for (const job of jobs) waiting.add(job);
  return waiting;
}

const job = (seq: number, overrides: Partial<JobFacts> = {}): JobFacts => aJob({ jobId: `job-${String(seq)}`, seq, ...overrides });
const needing = (seq: number, requirements: Partial<JobFacts['requirements']>, overrides: Partial<JobFacts> = {}): JobFacts =>
  job(seq, { requirements: { requiredModels: [], public: true, ...requirements }, ...overrides });

describe('waiting jobs: first job for a node', () => {
  it.each([
    ['the oldest of equal priority', [job(2), job(1), job(3)], 'job-1'],
    ['the highest priority', [job(1), job(2, { priority: 5 }), job(3, { priority: 5 })], 'job-2'],
    ['the oldest across groups', [job(3), needing(2, {}), needing(1, { requiredKinds: [{ kind: 'llm' }] })], 'job-1'],
    ['a job that requests this node', [needing(1, { nodeId: 'node-1' })], 'job-1'],
    ['none for another model', [needing(1, { requiredModels: ['other'] })], null],
    ['none for another node', [needing(1, { nodeId: 'node-9', requiredModels: ['llm-a'] })], null],
    ['none for another kind', [needing(1, { requiredKinds: [{ kind: 'tts' }] })], null],
  ])('%s', (_title, jobs, expected) => {
    expect(waitingWith(...jobs).firstFor(node, yes)?.jobId ?? null).toBe(expected);
  });

  it('a job with a higher priority is not accepted -> the first accepted one', () => {
    const waiting = waitingWith(needing(1, { requiredModels: ['llm-a'], minGpuMemoryGb: 80 }, { priority: 9 }), job(2));
    expect(waiting.firstFor(node, ({ minGpuMemoryGb: gb }) => gb === undefined)?.jobId).toBe('job-2');
  });
});

test('waiting jobs: any queue of one key -> ahead is the count of a scan', () => {
  const facts = fc.record({ priority: fc.integer({ min: -2, max: 2 }), model: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 300, size: 'max' }), (queue) => {
      const jobs = queue.map(({ priority, model }, i) => needing(i, { requiredModels: [model] }, { priority }));
      const waiting = waitingWith(...jobs);
      const withAll = aRecord({ profile: aProfile({ installedModels: ['a', 'b', 'c'].map((modelId) => aModel({ modelId })) }) });
      for (const one of jobs) {
        const ahead = jobs.filter(({ priority, seq }) => priority > one.priority || (priority === one.priority && seq < one.seq));
        expect(waiting.ahead(one, [withAll])).toBe(ahead.length);
      }
    }),
    { numRuns: 30 },
  );
});

describe('waiting jobs: counts', () => {
  it('added and deleted -> size, countWithSameRequirements and ahead follow', () => {
    const waiting = waitingWith(job(1), job(2), needing(3, {}, { priority: 1 }));
    expect([
      waiting.size,
      waiting.countWithSameRequirements(job(1)),
      waiting.ahead(job(2), [node]),
      waiting.ahead(needing(3, {}, { priority: 1 })),
    ]).toEqual([3, 2, 2, 0]);
    waiting.delete(job(1));
    waiting.delete(job(1));
    waiting.delete(job(2));
    expect([waiting.size, waiting.countWithSameRequirements(job(1)), waiting.firstFor(node, yes)?.jobId]).toEqual([1, 0, 'job-3']);
  });
});
