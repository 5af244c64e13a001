// Whatever happens to a node, in whatever order: the edges of lifecycle §1 and no others, and the promises around them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDue } from '../../../../src/main/scheduler/lifecycle/deadlines';
import type { Effect, Transition } from '../../../../src/main/scheduler/lifecycle/events';
import { inFlightJobs, type NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { transition } from '../../../../src/main/scheduler/lifecycle/transition';
import { BRISK, type Step, stepsOf } from './histories';
import { at } from './records';

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

interface Moment {
  readonly before: NodeRecord | null;
  readonly step: Step;
  readonly nowMs: number;
  readonly outcome: Transition;
}

/** Plays random histories and shows every moment of them. */
function holdsAlways(check: (moment: Moment) => void, parameters: fc.Parameters<[Step[]]> = {}): void {
  fc.assert(
    fc.property(stepsOf('node-1'), (steps) => {
      let record: NodeRecord | null = null;
      let nowMs = 0;
      for (const step of steps) {
        nowMs += step.afterMs;
        const outcome: Transition = transition(record, step.event, at(nowMs), BRISK);
        check({ before: record, step, nowMs, outcome });
        record = outcome[0] === null ? null : Object.freeze(outcome[0]);
      }
    }),
    { numRuns: 300, ...parameters },
  );
}

const statusChanges = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'status_changed');

test('every change of status is an edge of the table, and the changes of one transition follow on each other', () => {
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

test('the histories meet every edge of the table, so that the properties here speak of all of it', () => {
  const met = new Set<string>();
  const note = ({ outcome: [, effects] }: Moment): void => {
    for (const { from, to, reasonCode } of statusChanges(effects)) met.add(`${from ?? 'none'}>${to}:${reasonCode}`);
  };
  holdsAlways(note, { seed: 1 });
  expect([...EDGES].filter((edge) => !met.has(edge))).toEqual([]);
});

test('a node is never offline by timeout before its deadline or within a grace period', () => {
  holdsAlways(({ before, step: { event }, nowMs, outcome: [, effects] }) => {
    if (!effects.some(({ type }) => type === 'heartbeat_timed_out')) return;
    expect(event.type).toBe('deadline_reached');
    expect(nowMs).toBeGreaterThanOrEqual((before?.lastSeen.monotonicMs ?? Infinity) + BRISK.heartbeatTimeoutMs);
    if (event.type === 'deadline_reached') expect(nowMs).toBeGreaterThanOrEqual(event.graceUntilMs);
  });
});

test('a node that an operator drained is revived by nothing but resuming it', () => {
  holdsAlways(({ before, step: { event }, outcome: [after] }) => {
    if (before?.drain?.by !== 'operator' || after === null) return;
    if (event.type === 'resume_requested') return;
    expect(['draining', 'offline']).toContain(after.status);
    expect(after.drain?.by).toBe('operator');
  });
});

test('a node that drained itself is revived only by resuming or by registering again', () => {
  holdsAlways(({ before, step: { event }, outcome: [after] }) => {
    if (before?.drain?.by !== 'node' || after === null) return;
    if (event.type === 'resume_requested' || event.type === 'registered') return;
    expect(['draining', 'offline']).toContain(after.status);
  });
});

test('status, wish to drain and connection never contradict each other, and counts stay within their bounds', () => {
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

test('a deadline that was acted on is not due again', () => {
  holdsAlways(({ step: { event }, nowMs, outcome: [after] }) => {
    if (event.type !== 'deadline_reached' || after === null) return;
    // A silent drained node may be retained no longer at the very moment when its silence was noticed.
    const settled = transition(after, event, at(nowMs), BRISK)[0];
    if (settled !== null) expect(isDue(settled, nowMs, event.graceUntilMs, BRISK)).toBe(false);
  });
});

test('what is refused changes nothing, and the same input gives the same output', () => {
  holdsAlways(({ before, step: { event }, nowMs, outcome }) => {
    if (outcome[1].some(({ type }) => type === 'refused'))
      expect(outcome).toEqual([before, [expect.objectContaining({ type: 'refused' })]]);
    expect(transition(before, event, at(nowMs), BRISK)).toEqual(outcome);
  });
});

test('jobs are requeued at most once for each time that a node is lost', () => {
  holdsAlways(({ outcome: [after, effects] }) => {
    const requeues = effects.filter(({ type }) => type === 'requeue_jobs');
    if (requeues.length === 0) return;
    expect(requeues).toHaveLength(1);
    expect(after?.status ?? 'offline').toBe('offline');
  });
});
