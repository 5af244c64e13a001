// How many waiting jobs should start before a job, if no job comes or leaves and each takes the usual time: own jobs by priority and age, and
// of each other key those that its share allows before.
import type { JobFacts } from './job-record';
import type { KeyAccount, KeyShares } from './key-shares';
import type { WaitingGroup } from './waiting-group';

/** The waiting jobs of a key. */
interface KeyQueue {
  /** With a higher priority. */
  higher: number;
  /** With the same priority; of the own key, the older ones. */
  equal: number;
  rankMs: number;
}

/** `groups`: those of the jobs that compete with this one. */
export function jobsBefore(job: JobFacts, groups: Iterable<WaitingGroup>, shares: KeyShares): number {
  const { usualMs } = shares;
  const account = shares.accountOf(job.submitter);
  const own: KeyQueue = { higher: 0, equal: 0, rankMs: account.usedMs };
  const queues = new Map<KeyAccount, KeyQueue>([[account, own]]);
  for (const group of groups) {
    for (const lane of group.lanes()) {
      if (lane.priority < job.priority) continue;
      let queue = queues.get(lane.account);
      if (queue === undefined) queues.set(lane.account, (queue = { higher: 0, equal: 0, rankMs: lane.account.usedMs }));
      if (lane.priority > job.priority) queue.higher += lane.jobs.size;
      else {
        queue.equal += queue === own ? lane.jobs.countBefore(job) : lane.jobs.size;
        queue.rankMs = Math.min(queue.rankMs, lane.rankMs);
      }
    }
  }
  const startMs = own.rankMs + (own.higher + own.equal) * usualMs;
  const isNext = account.isNew && own.higher + own.equal === 0;
  let before = own.equal;
  for (const [key, { higher, equal, rankMs }] of queues) {
    before += higher;
    if (key === account || isNext) continue;
    const lead = (startMs - rankMs) / usualMs - higher;
    // Of equal keys, the one that was served longest ago is first.
    const isFirstOfEqual = own.equal > 0 ? lead === 0 || key.turn < account.turn : lead === 0 && key.turn < account.turn;
    before += Math.min(equal, startsBefore(lead, isFirstOfEqual));
  }
  return before;
}

/** A key that is so many jobs behind starts as many before. */
function startsBefore(lead: number, isFirstOfEqual: boolean): number {
  if (lead < 0) return 0;
  return Math.ceil(lead) + (Number.isInteger(lead) && isFirstOfEqual ? 1 : 0);
}
