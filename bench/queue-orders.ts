// A queue of waiting jobs with two orders, for a benchmark: the shares of keys as in the product, and priority and age alone as a reference.
import { SortedSet } from '../src/main/scheduler/dispatch/sorted-set';
import type { JobFacts } from '../src/main/scheduler/jobs/machine/job-record';
import { groupKey, WaitingJobs } from '../src/main/scheduler/jobs/machine/waiting-jobs';
import { NodeTrial } from '../src/main/scheduler/jobs/node-trial';
import { aJob } from '../tests/unit/scheduler/jobs/job-records';
import { aModel, aProfile, aRecord } from '../tests/unit/scheduler/lifecycle/records';

const MODEL = 'model';
const node = aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: MODEL })] }) });

export interface QueueSize {
  readonly jobs: number;
  readonly keys: number;
  /** Different requirements. */
  readonly groups: number;
}

export interface Order {
  /** A slot is free: the first job starts, an earlier one ends, and a new one of the same key comes. */
  turn(): void;
}

const jobAt = (seq: number, { keys, groups }: QueueSize): JobFacts =>
  aJob({
    jobId: `job-${String(seq)}`,
    seq,
    submitter: `key-${String(seq % keys)}`,
    requirements: { requiredModels: [MODEL], public: true, minGpuMemoryGb: 1 + (Math.floor(seq / keys) % groups) },
  });

/** The trial of a node reads all groups, as in the product. */
export function bySharesOf(size: QueueSize): Order {
  const waiting = new WaitingJobs();
  let seq = 0;
  for (; seq < size.jobs; seq++) waiting.add(jobAt(seq, size));
  return {
    turn: () => {
      const trial = new NodeTrial({ nodeId: node.nodeId, groups: waiting.groupsFor(node), suits: () => true, isHeld: () => false });
      trial.search(() => true);
      const job = trial.next();
      if (job === null) throw new Error('no job');
      waiting.take(job);
      waiting.shares.charge(job, 1000);
      waiting.shares.settle(job, 500 + (job.seq % 1000));
      waiting.add({ ...job, jobId: `job-${String(seq)}`, seq: seq++ });
    },
  };
}

/** The queue as it was before the shares: each group sorted by priority and age, and the first of all groups. */
export function byAgeOf(size: QueueSize): Order {
  const groups = new Map<string, SortedSet<JobFacts>>();
  const add = (job: JobFacts): void => {
    const key = groupKey(job.requirements);
    let group = groups.get(key);
    if (group === undefined) {
      group = new SortedSet<JobFacts>(
        ({ priority }) => -priority,
        (a, b) => a.seq - b.seq,
      );
      groups.set(key, group);
    }
    group.add(job);
  };
  let seq = 0;
  for (; seq < size.jobs; seq++) add(jobAt(seq, size));
  const isBefore = (a: JobFacts, b: JobFacts): boolean => (a.priority === b.priority ? a.seq < b.seq : a.priority > b.priority);
  function* indexed(): Generator<SortedSet<JobFacts>, undefined> {
    yield* groups.values();
  }
  return {
    turn: () => {
      const suiting: { readonly group: SortedSet<JobFacts>; readonly head: JobFacts }[] = [];
      for (const group of indexed()) {
        const head = firstOf(group);
        if (head !== null) suiting.push({ group, head });
      }
      suiting.sort((a, b) => (isBefore(a.head, b.head) ? -1 : 1));
      const job = suiting[0] === undefined ? null : firstOf(suiting[0].group);
      if (job === null) throw new Error('no job');
      groups.get(groupKey(job.requirements))?.delete(job);
      add({ ...job, jobId: `job-${String(seq)}`, seq: seq++ });
    },
  };
}

function firstOf(jobs: Iterable<JobFacts>): JobFacts | null {
  for (const job of jobs) return job;
  return null;
}
