// Registration, warm-up and health beyond the table of transitions: whole records and effects, thresholds, chains of events.
import { describe, expect, test } from 'vitest';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { beats, deadline, played, registered } from './play';
import { aDrain, aModel, aProfile, aRecord, at, failingBeat, healthyBeat, jobReleased, POLICY } from './records';

describe('registration', () => {
  test('new node -> registering, health and load unknown', () => {
    const [record, effects] = nodeTransition(null, registered(), at(5000), POLICY);

    const expected = aRecord({
      status: 'registering',
      reasonCode: 'registered',
      previousStatus: null,
      since: at(5000),
      registeredAt: at(5000),
      lastSeen: at(5000),
      hasBeenReady: false,
      usage: null,
    });
    expect(record).toEqual(expected);
    expect(effects).toEqual([
      { type: 'status_changed', from: null, to: 'registering', reasonCode: 'registered', msInPrevious: null, record: expected },
    ]);
  });

  test('known node -> registering, jobs and last assignment kept', () => {
    const before = aRecord({ assignedJobs: 2, lastAssignedAtMonotonicMs: 700, health: { ...aRecord().health, consecutiveSuccesses: 9 } });

    const record = played(before, [[5000, registered({ profile: aProfile({ name: 'Desk 2' }) })]]);

    expect(record).toMatchObject({
      status: 'registering',
      previousStatus: 'ready',
      assignedJobs: 2,
      lastAssignedAtMonotonicMs: 700,
      usage: null,
    });
    expect(record.profile.name).toBe('Desk 2');
    expect(record.health.consecutiveSuccesses).toBe(0);
  });

  test('active jobs named -> count corrected', () => {
    expect(played(aRecord({ assignedJobs: 2 }), [[5000, registered({ assignedJobs: 1 })]]).assignedJobs).toBe(1);
  });

  test('drained by an operator -> still draining with the same deadline, drained when the jobs end', () => {
    const start = aRecord({ status: 'draining', drain: aDrain({ timeoutMs: 60_000 }), assignedJobs: 1 });
    const back = played(start, [[5000, registered()]]);

    expect(back).toMatchObject({ status: 'draining', reasonCode: 'drain_requested', drain: { requestedAt: at(0), timeoutMs: 60_000 } });
    expect(played(back, [[6000, jobReleased()]])).toMatchObject({
      status: 'offline',
      reasonCode: 'drain_complete',
      online: true,
    });
  });

  test('several status changes -> each effect has the record of its change', () => {
    const start = aRecord({ status: 'offline', reasonCode: 'drain_complete', drain: aDrain() });
    const [, effects] = nodeTransition(start, registered(), at(5000), POLICY);

    const steps = effects.map((effect) =>
      effect.type === 'status_changed' ? [effect.to, effect.record.status, effect.record.previousStatus] : effect,
    );
    expect(steps).toEqual([
      ['registering', 'registering', 'offline'],
      ['draining', 'draining', 'registering'],
      ['offline', 'offline', 'draining'],
    ]);
  });
});

describe('warm-up', () => {
  const fresh = aRecord({ status: 'registering', reasonCode: 'registered', previousStatus: null });
  const timeoutMs = POLICY.warmupTimeoutMs;

  test.each([
    ['oo', 'registering'],
    ['ooo', 'ready'],
    ['ooxoo', 'registering'],
    ['ooxooo', 'ready'],
    ['xxxxxxxx', 'registering'],
  ])('checks %s -> %s', (pattern, status) => {
    expect(played(fresh, beats(pattern)).status).toBe(status);
  });

  test.each<readonly [string, readonly (readonly [number, NodeEvent])[], string]>([
    ['no check', [], 'degraded warmup_timeout'],
    ['last check failed', [...beats('oox', timeoutMs - 5000)], 'degraded warmup_timeout'],
    ['last check passed', [...beats('xoo', timeoutMs - 5000)], 'registering registered'],
  ])('deadline reached, %s -> %s', (_case, checks, expected) => {
    const { status, reasonCode } = played({ ...fresh, lastSeen: at(timeoutMs - 6000) }, [...checks, [timeoutMs, deadline]]);
    expect(`${status} ${reasonCode}`).toBe(expected);
  });

  test('failed check after the deadline -> degraded at once', () => {
    const record = played(fresh, [...beats('o', timeoutMs - 1000), [timeoutMs, deadline], [timeoutMs + 1000, failingBeat()]]);
    expect(record).toMatchObject({ status: 'degraded', reasonCode: 'warmup_timeout' });
  });

  test('checks pass and fail -> deadline still counts from the registration', () => {
    const checks = beats('oxoxoxox', timeoutMs - 8000);
    expect(played({ ...fresh, lastSeen: at(timeoutMs - 9000) }, checks).status).toBe('registering');
    expect(
      played({ ...fresh, lastSeen: at(timeoutMs - 9000) }, [...checks, [timeoutMs - 1, failingBeat()], [timeoutMs, deadline]]).status,
    ).toBe('degraded');
  });

  test('all enabled models must be ready -> only while registering', () => {
    const profile = aProfile({
      installedModels: [aModel(), aModel({ modelId: 'tts' })],
      capabilityState: { 'nmt-en-zh': 'ready', tts: 'error' },
    });
    expect(played({ ...fresh, profile }, [[1000, healthyBeat()]]).health.lastCheck?.ok).toBe(false);
    expect(played(aRecord({ profile }), [[1000, healthyBeat()]]).health.lastCheck?.ok).toBe(true);
  });
});

describe('degraded and recovered', () => {
  test.each([
    ['xx', 'ready'],
    ['xxx', 'degraded'],
    ['xoxox', 'degraded'],
    ['xoxoo', 'ready'],
    ['xooxoox', 'ready'],
    ['xxoox', 'degraded'],
  ])('ready node, checks %s -> %s', (pattern, status) => {
    expect(played(aRecord(), beats(pattern)).status).toBe(status);
  });

  test('passed check -> never degraded, with any window', () => {
    const policy = { ...POLICY, healthCheckSuccessThreshold: 1 };
    const fresh = aRecord({ status: 'registering', reasonCode: 'registered' });
    expect(played(fresh, beats('xxxxo'), policy).status).toBe('ready');
    expect(played(fresh, beats('xxxxoo'), policy).status).toBe('ready');
    expect(played(fresh, beats('xxxxox'), policy)).toMatchObject({ status: 'degraded', reasonCode: 'health_check_failed' });
  });

  test('recovered -> window cleared, old failures do not count', () => {
    const recovered = played(aRecord(), beats('xxxo'));
    expect(recovered).toMatchObject({ status: 'ready', reasonCode: 'health_recovered', health: { window: [], consecutiveSuccesses: 1 } });
    expect(played(recovered, beats('xx', 10_000)).status).toBe('ready');
  });

  test('degraded, as many passed checks in a row as the policy requires -> ready', () => {
    const policy = { ...POLICY, recoverySuccessThreshold: 2 };
    expect(played(aRecord(), beats('xxxoxo'), policy).status).toBe('degraded');
    expect(played(aRecord(), beats('xxxoo'), policy).status).toBe('ready');
  });

  test('window -> the last checks in their order', () => {
    expect(played(aRecord(), beats('xooxoox')).health.window).toEqual([true, false, true, true, false]);
  });
});
