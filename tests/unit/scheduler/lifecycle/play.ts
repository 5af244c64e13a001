// Applies events to one node, for tests of sequences.
import type { NodeEvent, Transition } from '../../../../src/main/scheduler/lifecycle/events';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { LifecyclePolicy } from '../../../../src/main/scheduler/lifecycle/policy';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { aProfile, at, failingBeat, healthyBeat, NO_GRACE, POLICY } from './records';

export const registered = (overrides: Partial<Extract<NodeEvent, { type: 'registered' }>> = {}): NodeEvent => ({
  type: 'registered',
  nodeId: 'node-1',
  profile: aProfile(),
  ...overrides,
});
export const deadline: NodeEvent = { type: 'deadline_reached', graceUntilMonotonicMs: NO_GRACE };

/** Applies events at their monotonic ms. Returns the last transition. */
export function play(
  start: NodeRecord | null,
  steps: readonly (readonly [number, NodeEvent])[],
  policy: LifecyclePolicy = POLICY,
): Transition {
  let outcome: Transition = [start, []];
  for (const [ms, event] of steps) outcome = nodeTransition(outcome[0], event, at(ms), policy);
  return outcome;
}

export function played(start: NodeRecord | null, steps: readonly (readonly [number, NodeEvent])[], policy?: LifecyclePolicy): NodeRecord {
  const [record] = play(start, steps, policy);
  if (record === null) throw new Error('the node was removed');
  return record;
}

export const beats = (pattern: string, fromMs = 1000): (readonly [number, NodeEvent])[] =>
  Array.from(pattern, (mark, i) => [fromMs + i * 1000, mark === 'o' ? healthyBeat() : failingBeat()] as const);

export const byOperator = { type: 'drain_requested', by: 'operator', reason: 'new fan', timeoutMs: 60_000 } as const satisfies NodeEvent;
export const byNode = { type: 'drain_requested', by: 'node', reason: 'game night', timeoutMs: 10_000 } as const satisfies NodeEvent;
