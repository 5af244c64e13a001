// The filters for nodes that fail, are not trusted, or claim more slots than they have shown.
import { expect, test } from 'vitest';
import { allExclusions, isSchedulable, suits } from '../../../../src/main/scheduler/dispatch/filters';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { ModelFailures, NodeFailures, NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { Exclusion } from '../../../../src/shared/api/dispatch';
import { exclusionSchema } from '../../../../src/shared/protocol/scheduler-messages';
import { exclusionFacts } from '../../../../src/shared/api/exclusion-facts';
import { aModel, aProfile, aRecord, at, BROKE } from '../lifecycle/records';

/** The failures of the model of `aProfile`. */
const failuresOf = (entry: Partial<ModelFailures>): NodeFailures => ({
  byModel: new Map([['nmt-en-zh', { ...EXCLUDED, ...entry }]]),
  nextEndMonotonicMs: null,
});
const EXCLUDED: ModelFailures = {
  phase: 'excluded',
  failures: 3,
  refusals: 0,
  exclusions: 1,
  lastError: BROKE,
  until: at(30_000),
  testJobId: null,
  isRemoved: false,
};
const failing = (until: number | null): Exclusion => ({
  filter: 'failing',
  code: 'model_failing',
  wanted: { failures_in_row_below: 3 },
  found: { model_id: 'nmt-en-zh', failures: 3, until, last_error: BROKE },
});
const WITH_MODEL = { requiredModels: ['nmt-en-zh'] };

const allSlots: Exclusion = {
  filter: 'capacity',
  code: 'capacity_exceeded',
  wanted: { in_flight_jobs_below: 4 },
  found: { in_flight_jobs: 4, assigned_jobs: 4, reported_jobs: 0 },
};

const CASES: readonly (readonly [string, Partial<NodeRecord>, Partial<JobRequirements>, Exclusion | null])[] = [
  ['any node but this one', {}, { otherThan: 'node-2' }, null],
  [
    'any node but this one, whose error must be confirmed',
    {},
    { otherThan: 'node-1' },
    { filter: 'requested_node', code: 'not_requested_node', wanted: { other_than: 'node-1' }, found: 'node-1' },
  ],

  [
    'quarantined',
    { quarantine: { by: 'operator', reason: 'wrong answers', since: at(5) } },
    {},
    { filter: 'quarantined', code: 'quarantined', wanted: null, found: { by: 'operator', reason: 'wrong answers', since: at(5).wallMs } },
  ],

  ['a model that failed once', { failures: failuresOf({ phase: 'lowered', failures: 1 }) }, WITH_MODEL, null],
  ['a model that is excluded', { failures: failuresOf({}) }, WITH_MODEL, failing(at(30_000).wallMs)],
  ['a model that one job tests', { failures: failuresOf({ phase: 'testing' }) }, WITH_MODEL, failing(null)],
  ['a model that may be tested', { failures: failuresOf({ phase: 'testable' }) }, WITH_MODEL, null],
  ['another model is excluded', { failures: failuresOf({}) }, {}, null],
  [
    'a required model is excluded, and the task needs another one',
    {
      profile: aProfile({ installedModels: [aModel(), aModel({ modelId: 'voice' })], capabilityState: null }),
      failures: failuresOf({}),
    },
    { requiredModels: ['nmt-en-zh', 'voice'], requiredTask: { modelId: 'voice', task: 'command' } },
    null,
  ],

  ['more slots than shown so far', { profile: aProfile({ maxConcurrentJobs: 256 }), assignedJobs: 3 }, {}, null],
  ['more slots than shown so far, all shown ones in use', { profile: aProfile({ maxConcurrentJobs: 256 }), assignedJobs: 4 }, {}, allSlots],
];

test.each(CASES)('filters: %s -> wanted and found values', (_case, node, requirements, expected) => {
  const record = aRecord(node);
  const job = { requiredModels: [], public: true, ...requirements };

  expect(allExclusions(record, job, POLICY)).toEqual(expected === null ? [] : [expected]);
  expect(isSchedulable(record, POLICY) && suits(record, job, POLICY), 'the two predicates together').toBe(expected === null);
  if (expected === null) return;
  expect(exclusionSchema.parse(expected)).toEqual(expected);
  expect(exclusionFacts(expected)).toMatchObject({ code: expected.code });
});
