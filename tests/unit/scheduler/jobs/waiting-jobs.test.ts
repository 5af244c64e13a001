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
        expect(waiting.places().ahead(one, [withAll])).toBe(ahead.length);
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
      waiting.places().ahead(job(2), [node]),
      waiting.places().ahead(needing(3, {}, { priority: 1 })),
    ]).toEqual([3, 2, 2, 0]);
    waiting.delete(job(1));
    waiting.delete(job(1));
    waiting.delete(job(2));
    expect([waiting.size, waiting.countWithSameRequirements(job(1)), waiting.firstFor(node, yes)?.jobId]).toEqual([1, 0, 'job-3']);
  });
});

describe('waiting jobs of several keys', () => {
  const of = (key: string, seq: number, overrides: Partial<JobFacts> = {}) => job(seq, { submitter: key, ...overrides });
  const order = (waiting: WaitingJobs, jobs: readonly JobFacts[], ms = 1000): string[] => {
    const taken: string[] = [];
    for (let facts = waiting.firstFor(node, yes); facts !== null; facts = waiting.firstFor(node, yes)) {
      taken.push(facts.jobId);
      waiting.take(facts);
      waiting.shares.charge(facts, ms);
    }
    expect(taken).toHaveLength(jobs.length);
    return taken.map((jobId) => jobId.slice(4));
  };

  it.each([
    ['equal jobs -> in turn, each key by age', [of('a', 1), of('a', 2), of('a', 3), of('b', 4), of('b', 5)], '1 4 2 5 3'],
    ['priority first', [of('a', 1), of('a', 2), of('b', 3, { priority: 1 }), of('b', 4, { priority: 1 })], '3 4 1 2'],
    ['a key in two groups has one share', [of('a', 1), { ...needing(2, {}), submitter: 'a' }, of('b', 3), of('b', 4)], '1 3 2 4'],
  ])('%s', (_title, jobs, expected) => {
    expect(order(waitingWith(...jobs), jobs).join(' ')).toBe(expected);
  });

  /** Each key had a turn before: a new key is ahead of all. */
  const withTurns = (jobs: readonly JobFacts[], keys: readonly string[]): WaitingJobs => {
    const waiting = waitingWith(...jobs);
    keys.forEach((key, i) => {
      waiting.shares.charge(of(key, 1000 + i), waiting.shares.usualMs);
    });
    return waiting;
  };

  it('ahead of each job is its place in this order', () => {
    const jobs = ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'a', 'c', 'c'].map((key, i) => of(key, i + 1));
    const waiting = withTurns(jobs, ['b', 'c', 'a']);
    const ahead = new Map(jobs.map((one) => [String(one.seq), waiting.places().ahead(one)]));
    const taken = order(waiting, jobs, waiting.shares.usualMs);
    expect(taken.map((seq) => ahead.get(seq))).toEqual(taken.map((_, i) => i));
  });

  it('jobs of other priorities in between -> ahead differs from the place by one job of each other key at most', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const facts = fc.record({ key: fc.constantFrom(...keys), priority: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 60, size: 'max' }), fc.shuffledSubarray(keys, { minLength: 4 }), (queue, turns) => {
        const jobs = queue.map(({ key, priority }, i) => of(key, i + 1, { priority }));
        const waiting = withTurns(jobs, turns);
        const ahead = new Map(jobs.map((one) => [String(one.seq), waiting.places().ahead(one)]));
        for (const [place, seq] of order(waiting, jobs, waiting.shares.usualMs).entries())
          expect(Math.abs((ahead.get(seq) ?? NaN) - place)).toBeLessThanOrEqual(keys.length - 1);
      }),
      { numRuns: 50 },
    );
  });
});
