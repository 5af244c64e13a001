import { describe, expect, test } from 'vitest';
import {
  firstLeaseState,
  isHeld,
  type LeaseEvent,
  LEASE_POLICY,
  type LeaseState,
  type LeaseStep,
  nextTimerAt,
  stepLease,
} from '../../../../../src/main/scheduler/cluster/core/lease';
import type { LeaderTerm } from '../../../../../src/main/scheduler/database/postgres/core/leader-term';

const NOW = 100_000;
const term: LeaderTerm = { epoch: 7, holder: 'a', timeline: '00000001' };
const other: LeaderTerm = { ...term, epoch: 6 };

const candidate = (lookAtMonotonicMs: number, isAsking = false): LeaseState => ({ type: 'candidate', lookAtMonotonicMs, isAsking });
const leader = (heldSinceMonotonicMs: number, renewAtMonotonicMs = heldSinceMonotonicMs + 2000, isAsking = false): LeaseState => ({
  type: 'leader',
  term,
  heldSinceMonotonicMs,
  renewAtMonotonicMs,
  isAsking,
});
const stopped: LeaseState = { type: 'stopped' };

/** A jitter of 0.5 is the time itself. */
const step = (state: LeaseState, event: LeaseEvent): LeaseStep => stepLease(state, event, NOW, LEASE_POLICY, 0.5);

type Case = [title: string, state: LeaseState, event: LeaseEvent, next: LeaseState, commands: LeaseStep['commands']];

describe('lease: candidate', () => {
  const looked = (found: LeaderTerm | null, sentAtMonotonicMs = NOW - 10): LeaseEvent => ({
    type: 'looked',
    term: found,
    sentAtMonotonicMs,
  });
  test.each<Case>([
    ['due -> looks', candidate(NOW), { type: 'timer' }, candidate(NOW, true), [{ type: 'look' }]],
    ['not due -> waits', candidate(NOW + 1), { type: 'timer' }, candidate(NOW + 1), []],
    ['a look without an answer yet -> no second one', candidate(NOW, true), { type: 'timer' }, candidate(NOW, true), []],
    ['the lease is held -> looks again after 250 ms', candidate(NOW - 10, true), looked(null), candidate(NOW + 250), []],
    ['taken -> leads, counted from the sending', candidate(NOW - 10, true), looked(term), leader(NOW - 10), [{ type: 'lead', term }]],
    [
      'taken, but the answer waited for 5 s -> releases',
      candidate(NOW - 6000, true),
      looked(term, NOW - 5000),
      candidate(NOW + 250),
      [{ type: 'release', term }],
    ],
    [
      'taken after a step-down -> releases, stands aside',
      candidate(NOW + 3000, true),
      looked(term),
      candidate(NOW + 3000),
      [{ type: 'release', term }],
    ],
    ['no answer -> looks again', candidate(NOW - 10, true), { type: 'unanswered' }, candidate(NOW + 250), []],
    [
      'a late answer to its last renewal -> leads no more',
      candidate(NOW - 10, true),
      { type: 'renewed', term, sentAtMonotonicMs: NOW - 10 },
      candidate(NOW + 250),
      [],
    ],
    ['step-down -> stands aside', candidate(NOW), { type: 'step_down' }, candidate(NOW + 5000), []],
    ['stop', candidate(NOW, true), { type: 'stop' }, stopped, []],
  ])('%s', (_, state, event, next, commands) => {
    expect(step(state, event)).toEqual({ state: next, commands });
  });
});

describe('lease: leader', () => {
  test.each<Case>([
    ['due -> renews', leader(NOW - 2000), { type: 'timer' }, leader(NOW - 2000, NOW, true), [{ type: 'renew', term }]],
    ['not due -> waits', leader(NOW - 1999), { type: 'timer' }, leader(NOW - 1999), []],
    [
      'a renewal without an answer yet -> no second one',
      leader(NOW - 4000, NOW - 2000, true),
      { type: 'timer' },
      leader(NOW - 4000, NOW - 2000, true),
      [],
    ],
    [
      'renewed -> counted from the sending',
      leader(NOW - 2100, NOW - 100, true),
      { type: 'renewed', term, sentAtMonotonicMs: NOW - 100 },
      leader(NOW - 100),
      [],
    ],
    [
      'no answer -> tries again after 250 ms',
      leader(NOW - 3000, NOW - 1000, true),
      { type: 'unanswered' },
      leader(NOW - 3000, NOW + 250),
      [],
    ],
    [
      '5 s after the last renewal -> gives up before anything else, also before an answer',
      leader(NOW - 5000, NOW - 3000, true),
      { type: 'renewed', term, sentAtMonotonicMs: NOW - 100 },
      candidate(NOW + 250),
      [{ type: 'deposed', term, reason: 'lease_expired' }],
    ],
    [
      'the timer after 5 s -> gives up, looks',
      leader(NOW - 5000, NOW - 3000),
      { type: 'timer' },
      candidate(NOW, true),
      [{ type: 'deposed', term, reason: 'lease_expired' }, { type: 'look' }],
    ],
    [
      'the timer after 5 s, a renewal without an answer -> gives up, waits for the answer',
      leader(NOW - 5000, NOW - 3000, true),
      { type: 'timer' },
      candidate(NOW, true),
      [{ type: 'deposed', term, reason: 'lease_expired' }],
    ],
    [
      'lost -> deposed with the reason',
      leader(NOW - 2100, NOW - 100, true),
      { type: 'lost', term, reason: 'taken_over' },
      candidate(NOW + 250),
      [{ type: 'deposed', term, reason: 'taken_over' }],
    ],
    ['an earlier term lost -> nothing', leader(NOW - 100), { type: 'lost', term: other, reason: 'taken_over' }, leader(NOW - 100), []],
    [
      'step-down -> deposed, releases, stands aside',
      leader(NOW - 100),
      { type: 'step_down' },
      candidate(NOW + 5000),
      [
        { type: 'deposed', term, reason: 'stepped_down' },
        { type: 'release', term },
      ],
    ],
    [
      'stop -> deposed, releases',
      leader(NOW - 100),
      { type: 'stop' },
      stopped,
      [
        { type: 'deposed', term, reason: 'stepped_down' },
        { type: 'release', term },
      ],
    ],
    [
      'stop after 5 s -> only gives up',
      leader(NOW - 5000),
      { type: 'stop' },
      stopped,
      [{ type: 'deposed', term, reason: 'lease_expired' }],
    ],
  ])('%s', (_, state, event, next, commands) => {
    expect(step(state, event)).toEqual({ state: next, commands });
  });
});

describe('lease: stopped', () => {
  test.each<Case>([
    ['timer', stopped, { type: 'timer' }, stopped, []],
    ['taken meanwhile -> releases', stopped, { type: 'looked', term, sentAtMonotonicMs: NOW - 10 }, stopped, [{ type: 'release', term }]],
  ])('%s', (_, state, event, next, commands) => {
    expect(step(state, event)).toEqual({ state: next, commands });
  });
});

describe('lease: time', () => {
  test.each<[title: string, state: LeaseState, isHeldNow: boolean, nextTimer: number | null]>([
    ['at the start', firstLeaseState(NOW), false, NOW],
    ['candidate', candidate(NOW + 30), false, NOW + 30],
    ['candidate that asks: the answer has its own limit', candidate(NOW - 30, true), false, null],
    ['leader: the next renewal', leader(NOW - 100), true, NOW + 1900],
    ['leader that asks: the end of the lease', leader(NOW - 2100, NOW - 100, true), true, NOW + 2900],
    ['leader, 1 ms before the end', leader(NOW - 4999, NOW + 200), true, NOW + 1],
    ['leader at the end', leader(NOW - 5000, NOW + 200), false, NOW],
    ['stopped', stopped, false, null],
  ])('%s', (_, state, isHeldNow, nextTimer) => {
    expect([isHeld(state, NOW, LEASE_POLICY), nextTimerAt(state, LEASE_POLICY)]).toEqual([isHeldNow, nextTimer]);
  });

  test('jitter: candidates look after 200 to 300 ms', () => {
    const lookAt = (jitter: number): number | null =>
      nextTimerAt(stepLease(candidate(NOW, true), { type: 'unanswered' }, NOW, LEASE_POLICY, jitter).state, LEASE_POLICY);
    expect([0, 1].map(lookAt)).toEqual([NOW + 200, NOW + 300]);
  });

  test('policy: the leader gives up before the lease ends, and renews several times before it gives up', () => {
    const { ttlMs, giveUpAfterMs, renewEveryMs } = LEASE_POLICY;
    expect(ttlMs - giveUpAfterMs).toBeGreaterThanOrEqual(2000);
    expect(giveUpAfterMs / renewEveryMs).toBeGreaterThanOrEqual(2);
  });
});
