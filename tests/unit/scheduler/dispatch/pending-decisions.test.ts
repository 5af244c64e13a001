// Pending decisions: which are taken for a node, and how many are kept.
import { expect, it } from 'vitest';
import { PendingDecisions } from '../../../../src/main/scheduler/dispatch/pending-decisions';

const A = { requiredModels: ['a'], public: true };
const B = { requiredModels: ['b'], public: true };

it('pending decisions: take -> the decisions since the last take, by requirements, with the newest time', () => {
  const pending = new PendingDecisions({ groups: 10, decisions: 10 });
  pending.add(A, 1);
  pending.add(B, 2);
  expect(pending.take('early')).toEqual([
    { job: A, times: 1, newestMonotonicMs: 1 },
    { job: B, times: 1, newestMonotonicMs: 2 },
  ]);
  pending.add(A, 3);
  pending.add({ ...A }, 4);
  expect(pending.take('early')).toEqual([{ job: A, times: 2, newestMonotonicMs: 4 }]);
  expect(pending.take('early')).toEqual([]);
  expect(pending.take('late')).toEqual([
    { job: A, times: 3, newestMonotonicMs: 4 },
    { job: B, times: 1, newestMonotonicMs: 2 },
  ]);
});

it('pending decisions: drop -> dropped decisions are not taken, later ones are', () => {
  const pending = new PendingDecisions({ groups: 10, decisions: 10 });
  for (const job of [A, B, A]) pending.add(job, 1);
  const upTo = pending.newest;
  pending.take('early');
  pending.add(A, 2);
  expect(pending.groups).toBe(2);
  pending.drop(upTo);
  expect(pending.groups).toBe(1);
  for (const nodeId of ['early', 'late']) expect(pending.take(nodeId)).toEqual([{ job: A, times: 1, newestMonotonicMs: 2 }]);
  pending.drop(pending.newest);
  expect([pending.groups, pending.take('late')]).toEqual([0, []]);
  pending.add(A, 3);
  expect(pending.take('late')).toEqual([{ job: A, times: 1, newestMonotonicMs: 3 }]);
});

it('pending decisions: limits reached -> refused until some are dropped', () => {
  const pending = new PendingDecisions({ groups: 1, decisions: 3 });
  expect([pending.add(A, 1), pending.add(B, 1), pending.add(A, 1), pending.add(A, 1), pending.add(A, 1)]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(pending.take('n')).toEqual([{ job: A, times: 3, newestMonotonicMs: 1 }]);
  pending.drop(1);
  expect([pending.add(A, 2), pending.add(A, 2)]).toEqual([true, false]);
  pending.drop(pending.newest);
  expect([pending.add(B, 3), pending.add(A, 3)]).toEqual([true, false]);
});
