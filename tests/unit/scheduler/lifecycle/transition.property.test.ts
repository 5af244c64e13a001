// Properties of transitions over random histories: only the edges of lifecycle §1, and the invariants of records.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNodeDeadlineDue } from '../../../../src/main/scheduler/lifecycle/deadlines';
import type { Effect, Transition } from '../../../../src/main/scheduler/lifecycle/events';
import { inFlightJobs, type NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { NodeReport } from '../../../../src/main/scheduler/lifecycle/node-report';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { BRISK, type Step, stepsOf } from './histories';
import { at, healthyBeat } from './records';

const EDGES = new Set([
  ...['none', 'registering', 'ready', 'degraded', 'draining', 'offline'].map((from) => `${from}>registering:registered`),
  'registering>ready:health_check_passed',
  'registering>degraded:warmup_timeout',
  'ready>degraded:health_check_failed',
  'degraded>ready:health_recovered',
  ...['registering', 'ready', 'degraded'].map((from) => `${from}>draining:drain_requested`),
  'draining>offline:drain_complete',
  'draining>offline:drain_timeout',
  ...['draining', 'offline'].map((from) => `${from}>registering:resumed`),
  ...['registering', 'ready', 'degraded', 'draining'].map((from) => `${from}>offline:heartbeat_timeout`),
]);

interface Checked {
  readonly before: NodeRecord | null;
  readonly step: Step;
  readonly nowMonotonicMs: number;
  readonly outcome: Transition;
}

/** Runs random histories and checks every step. */
function holdsAlways(check: (checked: Checked) => void, parameters: fc.Parameters<[Step[]]> = {}): void {
  fc.assert(
    fc.property(stepsOf('node-1'), (steps) => {
      let record: NodeRecord | null = null;
      let nowMonotonicMs = 0;
      for (const step of steps) {
        nowMonotonicMs += step.afterMs;
        const outcome: Transition = nodeTransition(record, step.event, at(nowMonotonicMs), BRISK);
        check({ before: record, step, nowMonotonicMs, outcome });
        record = outcome[0] === null ? null : Object.freeze(outcome[0]);
      }
    }),
    { numRuns: 300, ...parameters },
  );
}

const statusChanges = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'status_changed');

test('transition: any history -> every status change is an edge of the table, and changes of one transition are a chain', () => {
  holdsAlways(({ before, outcome: [after, effects] }) => {
    let status = before?.status ?? 'none';
    for (const { from, to, reasonCode, record } of statusChanges(effects)) {
      expect(EDGES).toContain(`${from ?? 'none'}>${to}:${reasonCode}`);
      expect(from ?? 'none').toBe(status);
      expect([record.status, record.reasonCode, record.previousStatus]).toEqual([to, reasonCode, from]);
      status = to;
    }
    if (after !== null) expect(after.status).toBe(status);
  });
});

test('transition: the random histories cover every edge', () => {
  const met = new Set<string>();
  const note = ({ outcome: [, effects] }: Checked): void => {
    for (const { from, to, reasonCode } of statusChanges(effects)) met.add(`${from ?? 'none'}>${to}:${reasonCode}`);
  };
  holdsAlways(note, { seed: 1 });
  expect([...EDGES].filter((edge) => !met.has(edge))).toEqual([]);
});

test('transition: any history -> no heartbeat timeout before the deadline or within a grace period', () => {
  holdsAlways(({ before, step: { event }, nowMonotonicMs, outcome: [, effects] }) => {
    if (!effects.some(({ type }) => type === 'heartbeat_timed_out')) return;
    expect(event.type).toBe('deadline_reached');
    expect(nowMonotonicMs).toBeGreaterThanOrEqual((before?.lastSeen.monotonicMs ?? Infinity) + BRISK.heartbeatTimeoutMs);
    if (event.type === 'deadline_reached') expect(nowMonotonicMs).toBeGreaterThanOrEqual(event.graceUntilMonotonicMs);
  });
});

test('transition: drained by an operator -> only a resume ends the drain', () => {
  holdsAlways(({ before, step: { event }, outcome: [after] }) => {
    if (before?.drain?.by !== 'operator' || after === null) return;
    if (event.type === 'resume_requested') return;
    expect(['draining', 'offline']).toContain(after.status);
    expect(after.drain?.by).toBe('operator');
  });
});

test('transition: drained by the node -> only a resume or a registration ends the drain', () => {
  holdsAlways(({ before, step: { event }, outcome: [after] }) => {
    if (before?.drain?.by !== 'node' || after === null) return;
    if (event.type === 'resume_requested' || event.type === 'registered') return;
    expect(['draining', 'offline']).toContain(after.status);
  });
});

test('transition: any history -> status, drain and connection are consistent, and counts are within bounds', () => {
  holdsAlways(({ outcome: [after] }) => {
    if (after === null) return;
    if (after.status === 'draining') expect(after.drain).not.toBeNull();
    if (after.drain !== null) expect(['draining', 'offline']).toContain(after.status);
    if (after.status === 'offline' && after.online) expect(after.drain).not.toBeNull();
    expect(after.assignedJobs).toBeGreaterThanOrEqual(0);
    expect(inFlightJobs(after)).toBeGreaterThanOrEqual(after.assignedJobs);
    expect(after.health.window.length).toBeLessThanOrEqual(BRISK.failureRateWindowSize);
  });
});

test('transition: deadline applied -> not due again', () => {
  holdsAlways(({ step: { event }, nowMonotonicMs, outcome: [after] }) => {
    if (event.type !== 'deadline_reached' || after === null) return;
    // A silent drained node can expire at the same instant at which its heartbeat timeout is applied.
    const settled = nodeTransition(after, event, at(nowMonotonicMs), BRISK)[0];
    if (settled !== null) expect(isNodeDeadlineDue(settled, nowMonotonicMs, event.graceUntilMonotonicMs, BRISK)).toBe(false);
  });
});

test('transition: refused -> nothing changes; same input -> same output', () => {
  holdsAlways(({ before, step: { event }, nowMonotonicMs, outcome }) => {
    if (outcome[1].some(({ type }) => type === 'refused'))
      expect(outcome).toEqual([before, [expect.objectContaining({ type: 'refused' })]]);
    expect(nodeTransition(before, event, at(nowMonotonicMs), BRISK)).toEqual(outcome);
  });
});

test('transition: node lost or quarantined -> jobs requeued at most once', () => {
  holdsAlways(({ outcome: [after, effects] }) => {
    const requeues = effects.filter(({ type }) => type === 'requeue_jobs');
    if (requeues.length === 0) return;
    expect(requeues).toHaveLength(1);
    if (after?.quarantine == null) expect(after?.status ?? 'offline').toBe('offline');
  });
});

test.each([5, 2 * BRISK.heartbeatTimeoutMs])(
  'transition: the last heartbeat again, %i ms later -> the same as after equal values',
  (gapMs) => {
    holdsAlways(({ nowMonotonicMs, outcome: [after] }) => {
      if (after?.online !== true || after.usage === null) return;
      const { usage, gpus } = after;
      const beat = (readings: Pick<NodeReport, 'usage' | 'gpus'>): Transition =>
        nodeTransition(after, healthyBeat(readings), at(nowMonotonicMs + gapMs), BRISK);
      expect(beat({ usage, gpus })).toEqual(beat(structuredClone({ usage, gpus })));
    });
  },
);
