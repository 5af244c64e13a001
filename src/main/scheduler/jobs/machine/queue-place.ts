// How many waiting jobs should start before a job, if no job comes, ends early or has another time than the usual one: own jobs by priority and
// age, and of each other key those that its share allows before.
import type { JobFacts } from './job-record';
import type { KeyAccount, KeyShares } from './key-shares';
import type { WaitingGroup } from './waiting-group';

/** The jobs of another key with the same priority. */
interface Other {
  count: number;
  rankMs: number;
}

/** `groups`: those of the jobs that compete with this one. */
export function jobsBefore(job: JobFacts, groups: Iterable<WaitingGroup>, shares: KeyShares): number {
  const own = shares.accountOf(job.submitter);
  const others = new Map<KeyAccount, Other>();
  let [higher, older, ownRankMs] = [0, 0, own.usedMs];
  for (const group of groups) {
    for (const { account, priority, rankMs, jobs } of group.lanes()) {
      if (priority > job.priority) higher += jobs.size;
      else if (priority < job.priority) continue;
      else if (account === own) {
        older += jobs.countBefore(job);
        ownRankMs = Math.min(ownRankMs, rankMs);
      } else {
        const other = others.get(account);
        if (other === undefined) others.set(account, { count: jobs.size, rankMs });
        else {
          other.count += jobs.size;
          other.rankMs = Math.min(other.rankMs, rankMs);
        }
      }
    }
  }
  if (own.isNew && older === 0) return higher;
  const { usualMs } = shares;
  const startMs = ownRankMs + older * usualMs;
  let ahead = higher + older;
  for (const [{ turn }, { count, rankMs }] of others) ahead += Math.min(count, startsBefore(startMs - rankMs, usualMs, turn < own.turn));
  return ahead;
}

/** A key that begins `leadMs` earlier starts so many jobs first. Of equal ones, the key that was served longest ago begins. */
function startsBefore(leadMs: number, usualMs: number, isFirstOfEqual: boolean): number {
  if (leadMs < 0) return 0;
  if (leadMs === 0) return isFirstOfEqual ? 1 : 0;
  return Math.ceil(leadMs / usualMs);
}
