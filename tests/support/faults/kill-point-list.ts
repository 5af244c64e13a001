// The named points at which a scheduler is killed: before and after each commit, each send, each receipt and each answer in the
// life of a job. The traffic brings a pool to a point.
import type { KillPoint } from './fault-scheduler';

/** The names that kill-points.ts uses. */
export const ACTS = [
  'receive:POST /api/v1/jobs',
  'commit:accepted',
  'commit:key',
  'answer:POST /api/v1/jobs',
  'commit:assigned',
  'send:job_assign',
  'receive:job_accepted',
  'commit:running',
  'receive:job_chunk',
  'answer:event:chunk',
  'receive:job_result',
  'receive:job_result:failure',
  'commit:succeeded',
  'commit:failed',
  'send:job_result_ack',
  'answer:event:job',
  'commit:requeued:failed',
  'commit:requeued:node_lost',
  'commit:requeued:drain_timeout',
  'commit:requeued:attempt_timeout',
  'receive:DELETE /api/v1/jobs/*',
  'commit:cancelled',
  'send:job_cancel',
  'answer:DELETE /api/v1/jobs/*',
  'commit:expired',
  'receive:node_register',
  'commit:node',
  'send:node_register_ack',
  'send:node_status',
  'receive:node_heartbeat',
  'answer:POST /api/v1/nodes/*/drain',
  'receive:POST /v1/chat/completions',
  'send:job_assign:interactive',
  'commit:behind',
  'answer:POST /v1/chat/completions',
] as const;

/** These exist only in a cluster with a bus. */
export const CLUSTER_ACTS = [
  'fence',
  'renewal',
  'take-over',
  'send:leader.hello',
  'receive:leader.open',
  'receive:http.request',
  'send:http.answer',
  'receive:node.message',
  'receive:node.beats',
  'send:node.send',
  'send:node.assign',
  'receive:node.sent',
  'send:answer.event',
] as const;

/** A member does these when it begins to lead. */
export const FIRST_ACTS: readonly Act[] = ['take-over', 'receive:leader.open'];

export type Act = (typeof ACTS)[number] | (typeof CLUSTER_ACTS)[number];
export type NamedPoint = KillPoint & { readonly act: Act };

export const pointName = ({ side, act, nth }: KillPoint): string => `${side} ${act} #${String(nth)}`;

const MAX_NTH = 3;
/** Acts that are too rare in one run of the scheduler to wait for a second or third one. */
const SELDOM: readonly Act[] = [
  ...FIRST_ACTS,
  'commit:requeued:node_lost',
  'commit:requeued:drain_timeout',
  'commit:requeued:attempt_timeout',
  'commit:node',
  'receive:node_register',
  'send:node_register_ack',
  'answer:POST /api/v1/nodes/*/drain',
];

/** All points, twice as many as acts, in a random order and with random repetitions. */
export function shuffledPoints(random: () => number, acts: readonly Act[] = ACTS): readonly NamedPoint[] {
  const sides = ['before', 'after'] as const;
  const points = acts.flatMap((act) =>
    sides.map((side) => ({ side, act, nth: SELDOM.includes(act) ? 1 : 1 + Math.floor(random() * MAX_NTH) })),
  );
  return points
    .map((point) => ({ point, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ point }) => point);
}

/** Mulberry32: the same numbers for the same seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
