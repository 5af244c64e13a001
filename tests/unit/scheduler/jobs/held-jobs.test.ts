// Held jobs: counts, and the time of each job.
import { expect, test } from 'vitest';
import { HeldJobs } from '../../../../src/main/scheduler/jobs/held-jobs';
import { ManualClock } from '../../../support/manual-clock';
import { aPredictedNode } from '../../../support/predictions';

const MAX_MS = 10_000;

function heldJobs() {
  const clock = new ManualClock();
  const due: string[] = [];
  const held = new HeldJobs({ clock, maxMs: MAX_MS, onDue: (jobId) => due.push(jobId) });
  const why = { reason: 'held_for_node' as const, node: aPredictedNode('n1', {}), best_free: aPredictedNode('n2', {}), max_seconds: 30 };
  const hold = (jobId: string, nodeId: string, forMs = MAX_MS) => {
    held.hold(jobId, { nodeId, groupKey: 'g', why }, forMs);
  };
  return { clock, due, held, hold };
}

test('held: counted by node and by requirements until it is released', () => {
  const { held, hold } = heldJobs();
  hold('a', 'n1');
  hold('b', 'n1');
  hold('b', 'n2');
  expect([held.byNode.get('n1')?.size, held.byNode.get('n2')?.size, held.inGroup('g')]).toEqual([1, 1, 2]);
  held.release('a');
  held.forget('b');
  expect([held.byNode.size, held.inGroup('g')]).toEqual([0, 0]);
});

test('held: each job is due once, a second hold does not extend its time', () => {
  const { clock, due, held, hold } = heldJobs();
  hold('a', 'n1');
  clock.advance(6000);
  hold('a', 'n2');
  hold('b', 'n2');
  clock.advance(3999);
  expect(due).toEqual([]);
  clock.advance(1);
  expect([due, held.leftMs('a', Infinity), held.leftMs('b', Infinity)]).toEqual([['a'], 0, 6000]);
  clock.advance(6000);
  expect([due, held.byNode.size, clock.pending]).toEqual([['a', 'b'], 0, 0]);
});

test('held: until a second before the deadline of the job at most', () => {
  const { clock, due, held, hold } = heldJobs();
  const now = clock.monotonicMs();
  expect([held.leftMs('a', now + 5000), held.leftMs('a', now + 900), held.leftMs('a', now - 1)]).toEqual([4000, 0, 0]);
  hold('a', 'n1', 4000);
  clock.advance(3999);
  expect([due, held.leftMs('a', now + 5000)]).toEqual([[], 1]);
  clock.advance(1);
  expect([due, held.leftMs('a', Infinity)]).toEqual([['a'], 0]);
});

test('held: assigned or ended job -> not due; a later stay in the queue may be held again', () => {
  const { clock, due, held, hold } = heldJobs();
  hold('a', 'n1');
  held.forget('a');
  clock.advance(50_000);
  expect(due).toEqual([]);
  expect(held.leftMs('a', Infinity)).toBe(MAX_MS);
  hold('a', 'n1');
  held.stop();
  clock.advance(50_000);
  expect(due).toEqual([]);
});
