import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import type { JobFacts } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { aModel, aProfile, aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

const node = aRecord({ profile: aProfile({ installedModels: [aModel({ model_id: 'llm-a', kind: 'llm' })] }) });
const yes = (): boolean => true;

function waitingWith(...jobs: readonly JobFacts[]): WaitingJobs {
  const waiting = new WaitingJobs();
  for (const job of jobs) waiting.add(job);
  return waiting;
}

const job = (seq: number, overrides: Partial<JobFacts> = {}): JobFacts => aJob({ jobId: `job-${String(seq)}`, seq, ...overrides });
const needing = (seq: number, requirements: Partial<JobFacts['requirements']>, overrides: Partial<JobFacts> = {}): JobFacts =>
  job(seq, { requirements: { required_models: [], public: true, ...requirements }, ...overrides });

describe('the first job for a node', () => {
  it.each([
    ['the oldest of equal priority', [job(2), job(1), job(3)], 'job-1'],
    ['the highest priority', [job(1), job(2, { priority: 5 }), job(3, { priority: 5 })], 'job-2'],
    ['across groups too', [job(3), needing(2, {}), needing(1, { required_kinds: [{ kind: 'llm' }] })], 'job-1'],
    ['that asks for this node by id', [needing(1, { node_id: 'node-1' })], 'job-1'],
    ['none for another model', [needing(1, { required_models: ['other'] })], null],
    ['none for another node', [needing(1, { node_id: 'node-9', required_models: ['llm-a'] })], null],
    ['none for another kind', [needing(1, { required_kinds: [{ kind: 'tts' }] })], null],
  ])('is %s', (_title, jobs, expected) => {
    expect(waitingWith(...jobs).firstFor(node, yes)?.jobId ?? null).toBe(expected);
  });

  it('is of a group that the node is accepted for, however urgent another is', () => {
    const waiting = waitingWith(needing(1, { required_models: ['llm-a'], min_gpu_memory_gb: 80 }, { priority: 9 }), job(2));
    expect(waiting.firstFor(node, ({ min_gpu_memory_gb: gb }) => gb === undefined)?.jobId).toBe('job-2');
  });
});

test('any queue -> ahead of a job are those that a scan of the queue finds before it', () => {
  const facts = fc.record({ priority: fc.integer({ min: -2, max: 2 }), model: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 300, size: 'max' }), (queue) => {
      const jobs = queue.map(({ priority, model }, i) => needing(i, { required_models: [model] }, { priority }));
      const waiting = waitingWith(...jobs);
      for (const one of jobs) {
        const ahead = jobs.filter(({ priority, seq }) => priority > one.priority || (priority === one.priority && seq < one.seq));
        expect(waiting.ahead(one)).toBe(ahead.length);
      }
    }),
    { numRuns: 30 },
  );
});

describe('what waits', () => {
  it('is counted, alike and ahead, and gone when it is taken out', () => {
    const waiting = waitingWith(job(1), job(2), needing(3, {}, { priority: 1 }));
    expect([waiting.size, waiting.countAlike(job(1)), waiting.ahead(job(2)), waiting.ahead(needing(3, {}, { priority: 1 }))]).toEqual([
      3, 2, 2, 0,
    ]);
    waiting.delete(job(1));
    waiting.delete(job(1));
    waiting.delete(job(2));
    expect([waiting.size, waiting.countAlike(job(1)), waiting.firstFor(node, yes)?.jobId]).toEqual([1, 0, 'job-3']);
  });
});
