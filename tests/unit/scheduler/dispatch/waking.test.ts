// Which sleeping node is woken for a job: tables over the pool.
import { describe, expect, test } from 'vitest';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { jobWakeOf, nodeToWake } from '../../../../src/main/scheduler/dispatch/waking';
import type { ExclusionTally } from '../../../../src/main/scheduler/dispatch/exclusion-aggregates';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aReading, aRecord, aUsage, at } from '../lifecycle/records';

const MAC = '02:00:00:00:00:0a';
const profile = aProfile({ wakeMac: MAC, installedModels: [aModel({ modelId: 'llm' })], capabilityState: null });
const { wakeMac: _none, ...withoutMac } = profile;
const sleeping = (nodeId: string, change: Partial<NodeRecord> = {}): NodeRecord =>
  aRecord({ nodeId, profile, online: false, isAsleep: true, status: 'offline', reasonCode: 'asleep', ...change });
const wake = (change: Partial<NonNullable<NodeRecord['wake']>>) => ({ sentAt: at(0), isWaking: false, readyAfterMs: null, ...change });
const JOB: JobRequirements = { requiredModels: ['llm'], public: false };
const ASLEEP: ExclusionTally = { status_not_ready: { count: 1, examples: ['a'] } };
const NOW_MS = 1_000_000;

const chosen = (records: readonly NodeRecord[], tally: ExclusionTally = ASLEEP, job = JOB) =>
  nodeToWake(records, job, { policy: DEFAULT_DISPATCH_POLICY, nowMonotonicMs: NOW_MS, tally })?.nodeId ?? null;

describe('node to wake', () => {
  test.each<readonly [string, readonly NodeRecord[], string | null]>([
    ['no node sleeps', [aRecord()], null],
    ['one sleeps and has the model', [sleeping('a')], 'a'],
    ['it lacks the model', [sleeping('a', { profile: aProfile({ wakeMac: MAC }) })], null],
    ['its owner does not allow it', [sleeping('a', { profile: withoutMac })], null],
    ['it was woken a moment ago', [sleeping('a', { wake: wake({ sentAt: at(NOW_MS - 1000) }) })], null],
    ['two sleep, one was fast before', [sleeping('a'), sleeping('b', { wake: wake({ readyAfterMs: 20_000 }) })], 'b'],
    ['two sleep, nothing is known', [sleeping('b'), sleeping('a')], 'a'],
    ['one is being woken -> no other', [sleeping('a'), sleeping('b', { wake: wake({ sentAt: at(NOW_MS - 1000), isWaking: true }) })], 'b'],
    [
      'one that is being woken lacks the model -> another',
      [sleeping('a'), sleeping('b', { profile: aProfile(), wake: wake({ sentAt: at(NOW_MS - 1000), isWaking: true }) })],
      'a',
    ],
    ['a node with the model registers', [sleeping('a'), aRecord({ nodeId: 'c', profile, status: 'registering' })], null],
    ['a node without the model registers', [sleeping('a'), aRecord({ nodeId: 'c', profile: aProfile(), status: 'registering' })], 'a'],
    [
      'its last readings, from before the sleep, were full',
      [sleeping('a', { usage: aUsage({ cpuPercent: 99, gpuPercent: null }), gpus: [aReading({ available: false })], assignedJobs: 4 })],
      'a',
    ],
  ])('%s -> %s', (_case, records, expected) => {
    expect(chosen(records)).toBe(expected);
  });

  test.each<readonly [keyof ExclusionTally, string | null]>([
    ['capacity_exceeded', null],
    ['vram_insufficient', null],
    ['resource_threshold_exceeded', 'a'],
    ['model_not_available', 'a'],
  ])('another node: %s -> %s', (code, expected) => {
    expect(chosen([sleeping('a')], { ...ASLEEP, [code]: { count: 1, examples: ['c'] } })).toBe(expected);
  });

  test('the job requires another node -> none', () => {
    expect(chosen([sleeping('a')], ASLEEP, { ...JOB, nodeId: 'b' })).toBeNull();
  });
});

test('view: whole seconds; unknown before the first wake', () => {
  expect(jobWakeOf(sleeping('a'))).toEqual({ node_id: 'a', since: null, seconds: null });
  const waking = sleeping('a', { wake: wake({ sentAt: at(5000), isWaking: true, readyAfterMs: 39_600 }) });
  expect(jobWakeOf(waking)).toEqual({ node_id: 'a', since: at(5000).wallMs, seconds: 40 });
});
