// The history of a cluster as its clients and nodes saw it, without its database, and the check of that history. A job is one register
// that only moves forward: unknown, accepted, ended with one result. So a history is linearizable when every answer fits such a job and no
// answer goes back behind an answer that was complete before its request began. See docs/faults.md.
import { isTerminal, type JobStatus } from '../../../src/shared/api/job';

/** When a client sent its request, and when it had the answer. Monotonic milliseconds. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export type ClusterEvent =
  /** The submission was answered with 202. */
  | {
      readonly type: 'accepted';
      readonly during: Interval;
      readonly jobId: string;
      readonly key: string;
      /** Names the runs of the job. */
      readonly name: string;
      readonly maxAttempts: number;
    }
  /** A read was answered. `found` null: the cluster does not know the job. */
  | {
      readonly type: 'read';
      readonly during: Interval;
      readonly jobId: string;
      readonly found: {
        readonly status: JobStatus;
        /** Of the last attempt. 0: none. */
        readonly attempt: number;
        /** As JSON. Null: the job has no result. */
        readonly output: string | null;
      } | null;
    }
  /** A node got an assignment. */
  | {
      readonly type: 'assigned';
      readonly atMs: number;
      readonly member: string;
      readonly node: string;
      readonly jobId: string;
      readonly attempt: number;
    }
  /** A node sent a result, for the first time or again. `output` as JSON. */
  | {
      readonly type: 'produced';
      readonly atMs: number;
      readonly node: string;
      readonly jobId: string;
      readonly attempt: number;
      readonly isSuccess: boolean;
      readonly output: string;
    };

export interface ModelRun {
  readonly name: string;
  readonly node: string;
}

export interface ClusterHistory {
  readonly events: readonly ClusterEvent[];
  /** Runs that the model servers have begun. */
  readonly runs: readonly ModelRun[];
}

type EventOf<Type extends ClusterEvent['type']> = Extract<ClusterEvent, { type: Type }>;
type Ended = EventOf<'read'> & { readonly found: NonNullable<EventOf<'read'>['found']> };

/** `isAtRest`: the clients have waited for the end of all accepted jobs. */
export function clusterViolations({ events, runs }: ClusterHistory, { isAtRest = true } = {}): readonly string[] {
  const of = <Type extends ClusterEvent['type']>(type: Type): readonly EventOf<Type>[] =>
    events.filter((event): event is EventOf<Type> => event.type === type);
  const accepted = of('accepted');
  const jobs = new Map(accepted.map((event) => [event.jobId, event]));
  const reads = Map.groupBy(of('read'), ({ jobId }) => jobId);
  const assigned = Map.groupBy(of('assigned'), ({ jobId }) => jobId);
  const produced = Map.groupBy(of('produced'), ({ jobId }) => jobId);
  return [
    ...keysWithSeveralJobs(accepted),
    ...[...jobs.values()].flatMap((job) => {
      const sent = assigned.get(job.jobId) ?? [];
      return [
        ...readViolations(job, reads.get(job.jobId) ?? [], isAtRest),
        ...assignmentViolations(job, sent),
        ...resultViolations(job, (reads.get(job.jobId) ?? []).filter(isEnd), sent, produced.get(job.jobId) ?? []),
        ...runViolations(job, sent, runs),
      ];
    }),
  ];
}

const isEnd = (read: EventOf<'read'>): read is Ended => read.found !== null && isTerminal(read.found.status);

function keysWithSeveralJobs(accepted: readonly EventOf<'accepted'>[]): readonly string[] {
  return [...Map.groupBy(accepted, ({ key }) => key)].flatMap(([key, answers]) => {
    const ids = [...new Set(answers.map(({ jobId }) => jobId))];
    return ids.length > 1 ? [`key ${key} names several jobs: ${ids.join(', ')}`] : [];
  });
}

/** A job that was accepted stays known, and a job that has ended stays so, with the same end. */
function readViolations({ jobId, during }: EventOf<'accepted'>, reads: readonly EventOf<'read'>[], isAtRest: boolean): readonly string[] {
  const lost = reads.filter(({ found, during: { fromMs } }) => found === null && fromMs >= during.toMs);
  const ends = reads.filter(isEnd);
  const different = [...new Set(ends.map(({ found }) => JSON.stringify(found)))];
  const firstEndMs = Math.min(...ends.map(({ during: { toMs } }) => toMs));
  const alive = reads.filter((read) => read.found !== null && !isEnd(read) && read.during.fromMs >= firstEndMs);
  return [
    ...(lost.length > 0 ? [`${jobId} was accepted and is not known later`] : []),
    ...(different.length > 1 ? [`${jobId} has several ends: ${different.join(' and ')}`] : []),
    ...(alive.length > 0 ? [`${jobId} had ended and is ${String(alive[0]?.found?.status)} again`] : []),
    ...(isAtRest && ends.length === 0 ? [`${jobId} was accepted and has not ended`] : []),
  ];
}

/** Each attempt goes to one node once, and later attempts are sent later. */
function assignmentViolations({ jobId, maxAttempts }: EventOf<'accepted'>, sent: readonly EventOf<'assigned'>[]): readonly string[] {
  const twice = [...Map.groupBy(sent, ({ attempt }) => attempt)].filter(([, copies]) => copies.length > 1);
  const byTime = sent.toSorted((one, other) => one.atMs - other.atMs);
  const late = byTime.find(({ attempt }, i) => i > 0 && attempt < (byTime[i - 1]?.attempt ?? 0));
  return [
    ...twice.map(
      ([attempt, copies]) =>
        `attempt ${String(attempt)} of ${jobId} was sent ${String(copies.length)} times: ${copies.map(({ member, node }) => `by ${member} to ${node}`).join(', ')}`,
    ),
    ...(late === undefined ? [] : [`attempt ${String(late.attempt)} of ${jobId} was sent after a later one, by ${late.member}`]),
    ...(sent.length > maxAttempts ? [`${jobId} was sent ${String(sent.length)} times of ${String(maxAttempts)}`] : []),
  ];
}

/** The success that clients read is of the last attempt, whose node sent it. */
function resultViolations(
  { jobId }: EventOf<'accepted'>,
  ends: readonly Ended[],
  sent: readonly EventOf<'assigned'>[],
  produced: readonly EventOf<'produced'>[],
): readonly string[] {
  const [end] = ends.filter(({ found }) => found.status === 'succeeded');
  if (end === undefined) return [];
  const { attempt, output } = end.found;
  const newest = Math.max(0, ...sent.map((one) => one.attempt));
  const node = sent.find((one) => one.attempt === attempt)?.node;
  const isProduced = produced.some(
    (one) => one.attempt === attempt && one.node === node && one.isSuccess && one.output === output && one.atMs <= end.during.toMs,
  );
  return [
    ...(attempt < newest ? [`${jobId} has the result of the stale attempt ${String(attempt)}, attempt ${String(newest)} was sent`] : []),
    ...(node === undefined ? [`${jobId} has a result of attempt ${String(attempt)}, which no node got`] : []),
    ...(node !== undefined && !isProduced ? [`${jobId} has a result that ${node} did not send for attempt ${String(attempt)}`] : []),
  ];
}

/** A model server runs a job once for each assignment to its node. */
function runViolations(
  { jobId, name }: EventOf<'accepted'>,
  sent: readonly EventOf<'assigned'>[],
  runs: readonly ModelRun[],
): readonly string[] {
  const own = runs.filter((run) => run.name === name);
  return [...Map.groupBy(own, ({ node }) => node)].flatMap(([node, begun]) => {
    const times = sent.filter((one) => one.node === node).length;
    return begun.length > times ? [`${jobId} ran ${String(begun.length)} times on ${node}, which got it ${String(times)} times`] : [];
  });
}
