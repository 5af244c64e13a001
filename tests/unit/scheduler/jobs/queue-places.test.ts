// The places of a list: what it reads once for all rows must give what a scan for each row gives.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JobFacts } from '../../../../src/main/scheduler/jobs/machine/job-record';
import type { KeyAccount, KeyShares } from '../../../../src/main/scheduler/jobs/machine/key-shares';
import type { WaitingGroup } from '../../../../src/main/scheduler/jobs/machine/waiting-group';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { aModel, aProfile, aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

const MODELS = ['a', 'b', 'c'];
const nodeWith = (...models: readonly string[]) =>
  aRecord({
    nodeId: `node-${models.join('-')}`,
    profile: aProfile({ installedModels: models.map((modelId) => aModel({ modelId, kind: 'llm' })) }),
  });

/** A scan of all groups for one job. */
function scanned(job: JobFacts, groups: readonly WaitingGroup[], shares: KeyShares): number {
  const account = shares.accountOf(job.submitter);
  const queues = new Map<KeyAccount, { higher: number; equal: number; rankMs: number }>();
  queues.set(account, { higher: 0, equal: 0, rankMs: account.usedMs });
  for (const lane of groups.flatMap((group) => [...group.lanes()])) {
    const queue = queues.get(lane.account) ?? { higher: 0, equal: 0, rankMs: lane.account.usedMs };
    queues.set(lane.account, queue);
    if (lane.priority > job.priority) queue.higher += lane.jobs.size;
    if (lane.priority !== job.priority) continue;
    queue.equal += [...lane.jobs].filter(({ seq }) => lane.account !== account || seq < job.seq).length;
    queue.rankMs = Math.min(queue.rankMs, lane.rankMs);
  }
  const own = queues.get(account) ?? { higher: 0, equal: 0, rankMs: 0 };
  const first = own.higher + own.equal;
  return [...queues].reduce((before, [key, { higher, equal, rankMs }]) => {
    if (key === account) return before + first;
    if (account.isNew && first === 0) return before + higher;
    const lead = (own.rankMs + first * shares.usualMs - rankMs) / shares.usualMs - higher;
    const isFirstOfEqual = own.equal > 0 ? lead === 0 || key.turn < account.turn : lead === 0 && key.turn < account.turn;
    const starts = lead < 0 ? 0 : Math.ceil(lead) + (Number.isInteger(lead) && isFirstOfEqual ? 1 : 0);
    return before + higher + Math.min(equal, starts);
  }, 0);
}

const groupsAt = (waiting: WaitingJobs, job: JobFacts, models: readonly string[]): WaitingGroup[] => {
  const wanted = new Set([...job.requirements.requiredModels, ...models]);
  return [...waiting.groupSets()]
    .flatMap((set) => [...set])
    .filter(({ requirements }) => requirements.requiredModels.some((model) => wanted.has(model)));
};

test('any queue of several keys: the places of one list -> those of a scan for each job', () => {
  const facts = fc.record({
    key: fc.constantFrom('k1', 'k2', 'k3', null),
    priority: fc.constantFrom(0, 0, 0, 1, -1),
    model: fc.constantFrom(...MODELS),
    // Up to 60 groups, so that a key has more lanes than are counted one by one.
    memoryGb: fc.integer({ min: 1, max: 20 }),
  });
  const charges = fc.array(fc.record({ key: fc.constantFrom('k1', 'k2', 'k3', null), seconds: fc.integer({ min: 1, max: 30 }) }));
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 200, size: 'max' }), charges, (queue, charged) => {
      const waiting = new WaitingJobs();
      const jobs = queue.map(({ key, priority, model, memoryGb }, seq) =>
        aJob({
          jobId: `job-${String(seq)}`,
          seq,
          priority,
          submitter: key,
          requirements: { requiredModels: [model], public: true, minGpuMemoryGb: memoryGb },
        }),
      );
      for (const job of jobs) waiting.add(job);
      for (const [at, { key, seconds }] of charged.entries()) {
        const job = aJob({ jobId: `charged-${String(at)}`, submitter: key });
        waiting.shares.charge(job, seconds * 1000);
        if (at % 2 === 0) waiting.shares.settle(job, 500 * seconds);
      }
      const places = waiting.places();
      for (const models of [[], ['a'], ['a', 'b']])
        for (const job of jobs)
          expect(places.ahead(job, models.length === 0 ? [] : [nodeWith(...models)])).toBe(
            scanned(job, groupsAt(waiting, job, models), waiting.shares),
          );
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['one key', 1],
  ['a key for each', 10_000],
])('500 places in 10,000 groups, %s -> each group is read a few times, not once for each place', (_title, keys) => {
  const waiting = new WaitingJobs();
  const jobs = Array.from({ length: 10_000 }, (_, seq) =>
    aJob({
      jobId: `job-${String(seq)}`,
      seq,
      submitter: `key-${String(seq % keys)}`,
      requirements: { requiredModels: ['a'], public: true, minGpuMemoryGb: 1 + seq / 10_000 },
    }),
  );
  for (const job of jobs) waiting.add(job);
  const places = waiting.places();
  for (const job of jobs.slice(-500)) places.ahead(job, []);
  // Beside the groups: the keys for each place.
  expect(places.read - 500 * keys).toBeLessThanOrEqual(4 * 10_000);
});
