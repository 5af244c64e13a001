// The failures of a model on a node: when they lower the rank, when they exclude the model, and when one job tests it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { type AttemptVerdict, addedLoad, isExcluded, NO_FAILURES } from '../../../../src/main/scheduler/lifecycle/model-failures';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { failingModelsOf } from '../../../../src/main/scheduler/nodes/core/node-view';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { MAX_MODELS } from '../../../../src/shared/protocol/limits';
import { BRISK, stepsOf } from './histories';
import { deadline, play, played, registered } from './play';
import { aModel, aProfile, aRecord, at, BROKE, healthyBeat, jobAssigned, jobReleased, POLICY } from './records';

const MODEL = 'nmt-en-zh';
const failed: AttemptVerdict = { kind: 'failed', error: BROKE };
const succeeded: AttemptVerdict = { kind: 'succeeded' };
const refused: AttemptVerdict = { kind: 'refused' };
const excused: NodeEvent = { type: 'failure_excused', modelId: MODEL };

type Steps = readonly (readonly [number, NodeEvent])[];

/** One attempt that begins and ends at this instant. */
const attempt = (ms: number, verdict: AttemptVerdict, jobId = 'job-1'): Steps => [
  [ms, jobAssigned(MODEL, jobId)],
  [ms, jobReleased(verdict, MODEL, jobId)],
];
const failures = (count: number, fromMs = 0): Steps => Array.from({ length: count }, (_, i) => attempt(fromMs + i, failed)).flat();
/** The heartbeats and the sweep at this instant. */
const pass = (ms: number): Steps => [
  [ms, healthyBeat()],
  [ms, deadline],
];

/** An earlier job still runs while a job tests the model. */
const earlierJobAndTest: readonly Steps[] = [[[0, jobAssigned(MODEL, 'old')]], failures(3), pass(40_000), [[41_000, jobAssigned()]]];

const after = (...steps: readonly Steps[]): NodeRecord => played(aRecord(), steps.flat());
const entryOf = ({ failures: { byModel } }: NodeRecord) => byModel.get(MODEL);
const stateOf = (record: NodeRecord) => {
  const entry = entryOf(record);
  return entry === undefined
    ? 'none'
    : `${entry.phase} ${String(entry.failures)} until ${String(entry.until.monotonicMs)}, load +${String(addedLoad(record.failures, MODEL))}`;
};

describe('model failures', () => {
  test.each<readonly [string, readonly Steps[], string]>([
    ['one failure -> rank lowered for 30 s', [failures(1)], 'lowered 1 until 30000, load +1'],
    ['two failures -> rank lowered further', [failures(2)], 'lowered 2 until 30001, load +2'],
    ['two failures, 30 s later -> counted, no effect', [failures(2), pass(30_001)], 'counted 2 until 30001, load +0'],
    ['three in a row -> excluded for 30 s', [failures(3)], 'excluded 3 until 30002, load +0'],
    ['three in a row over hours -> excluded', [failures(2), pass(40_000), attempt(9e6, failed)], 'excluded 3 until 9030000, load +0'],
    [
      'a success between -> counted from the beginning',
      [failures(2), attempt(5, succeeded), failures(2, 6)],
      'lowered 2 until 30007, load +2',
    ],
    ['a success -> cleared', [failures(2), attempt(5, succeeded)], 'none'],
    ['an attempt that shows nothing -> unchanged', [failures(2), attempt(5, { kind: 'none' })], 'lowered 2 until 30001, load +2'],
    ['excluded, before the end -> still excluded', [failures(3), pass(30_001)], 'excluded 3 until 30002, load +0'],
    ['excluded, at the end -> one job may test', [failures(3), pass(30_002)], 'testable 3 until 30002, load +0'],
    ['a job -> tests the model', [failures(3), pass(40_000), [[41_000, jobAssigned()]]], 'testing 3 until 30002, load +0'],
    ['test succeeds -> cleared', [failures(3), pass(40_000), attempt(41_000, succeeded)], 'none'],
    ['test fails -> excluded for twice as long', [failures(3), pass(40_000), attempt(41_000, failed)], 'excluded 4 until 101000, load +0'],
    ['test shows nothing -> given back', [failures(3), pass(40_000), attempt(41_000, { kind: 'none' })], 'testable 3 until 30002, load +0'],
    [
      'test refused -> excluded as long as before',
      [failures(3), pass(40_000), attempt(41_000, refused)],
      'excluded 3 until 71000, load +0',
    ],
    [
      'an earlier job ends during a test -> the test goes on',
      [
        [[0, jobAssigned(MODEL, 'old')]],
        failures(3),
        pass(40_000),
        [[41_000, jobAssigned()]],
        [[42_000, jobReleased({ kind: 'none' }, MODEL, 'old')]],
      ],
      'testing 3 until 30002, load +0',
    ],
    [
      'an earlier job fails during the exclusion -> counted, the exclusion is not longer',
      [[[0, jobAssigned(MODEL, 'old')]], failures(3), [[5000, jobReleased(failed, MODEL, 'old')]]],
      'excluded 4 until 30002, load +0',
    ],
    [
      'an earlier job fails after the exclusion -> counted, the model stays testable',
      [[[0, jobAssigned(MODEL, 'old')]], failures(3), pass(40_000), [[41_000, jobReleased(failed, MODEL, 'old')]]],
      'testable 4 until 30002, load +0',
    ],
    [
      'an earlier job fails during the test -> counted, the test goes on',
      [...earlierJobAndTest, [[42_000, jobReleased(failed, MODEL, 'old')]]],
      'testing 4 until 30002, load +0',
    ],
    [
      'an earlier job fails during the test, then the test fails -> doubled once',
      [...earlierJobAndTest, [[42_000, jobReleased(failed, MODEL, 'old')]], [[43_000, jobReleased(failed)]]],
      'excluded 5 until 103000, load +0',
    ],
    [
      'an earlier job is refused during the test -> the test goes on',
      [...earlierJobAndTest, [[42_000, jobReleased(refused, MODEL, 'old')]]],
      'testing 3 until 30002, load +0',
    ],
    [
      'the error of an earlier job is not confirmed after the exclusion -> counted, the model stays testable',
      [failures(3), pass(40_000), [[41_000, { type: 'attempt_failed', jobId: 'old', modelId: MODEL, error: BROKE }]]],
      'testable 4 until 30002, load +0',
    ],
    [
      'the error of the test is not confirmed -> excluded for twice as long',
      [
        failures(3),
        pass(40_000),
        attempt(41_000, { kind: 'none' }),
        [[42_000, { type: 'attempt_failed', jobId: 'job-1', modelId: MODEL, error: BROKE }]],
      ],
      'excluded 4 until 102000, load +0',
    ],
    [
      'an earlier job succeeds during the exclusion -> cleared',
      [[[0, jobAssigned(MODEL, 'old')]], failures(3), [[5000, jobReleased(succeeded, MODEL, 'old')]]],
      'none',
    ],
    [
      'refusals -> rank lowered with each, never excluded',
      Array.from({ length: 20 }, (_, i) => attempt(i, refused)),
      'lowered 0 until 30019, load +16',
    ],
    ['refusals, 30 s later -> forgotten', [attempt(0, refused), pass(30_000)], 'none'],
    [
      'error that no other node confirmed -> counted',
      [[[7, { type: 'attempt_failed', jobId: 'job-1', modelId: MODEL, error: BROKE }]]],
      'lowered 1 until 30007, load +1',
    ],
    ['excused, no failure counted -> nothing', [[[7, excused]]], 'none'],
    ['excused -> lowers the rank as a refusal does', [failures(2), [[9, excused]]], 'lowered 1 until 30009, load +2'],
    ['excused during the exclusion -> the exclusion ends', [failures(3), [[9, excused]]], 'lowered 2 until 30009, load +3'],
    [
      'excused, three others failed as well -> the exclusion goes on',
      [[[0, jobAssigned(MODEL, 'old')]], failures(3), [[5000, jobReleased(failed, MODEL, 'old')]], [[6000, excused]]],
      'excluded 3 until 30002, load +0',
    ],
    [
      'excused before the next exclusion -> that one is not doubled',
      [
        failures(3),
        [[9, excused]],
        [
          [10, jobAssigned()],
          [10, jobReleased(failed)],
        ],
      ],
      'excluded 3 until 30010, load +0',
    ],
  ])('%s', (_title, steps, expected) => {
    expect(stateOf(after(...steps))).toBe(expected);
  });

  test('exclusions in a row -> 30 s, doubled up to 10 min', () => {
    const seconds: number[] = [];
    let record = after(failures(2));
    let ms = 10;
    for (let i = 0; i < 8; i++) {
      record = played(record, [...attempt(ms, failed), [ms, healthyBeat()]]);
      const untilMs = entryOf(record)?.until.monotonicMs ?? NaN;
      seconds.push((untilMs - ms) / 1000);
      record = played(record, pass((ms = untilMs)));
    }
    expect(seconds).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  });

  test('exclusion begins -> one effect, with the error and the end', () => {
    const effectsOf = (...steps: readonly Steps[]) => play(aRecord(), steps.flat())[1];
    expect(effectsOf(failures(2))).toEqual([]);
    expect(effectsOf(failures(3))).toMatchObject([
      { type: 'model_failing', modelId: MODEL, entry: { failures: 3, lastError: BROKE, until: at(30_002) } },
    ]);
    expect(effectsOf([[0, jobAssigned(MODEL, 'old')]], failures(3), [[9, jobReleased(failed, MODEL, 'old')]])).toEqual([]);
  });

  test('registered again -> counts, test and turn kept', () => {
    const before = after(failures(3));
    const again = played(before, [
      [10, { type: 'connection_lost', isAsleep: false }],
      [20, registered()],
    ]);
    expect(again.failures).toEqual(before.failures);
  });

  describe('model removed', () => {
    const other = { installedModels: [aModel({ modelId: 'other' })], capabilityState: null };
    const back = { installedModels: [aModel()], capabilityState: null };
    const beat = (ms: number, models: typeof other): Steps => [
      [ms, healthyBeat(models)],
      [ms, deadline],
    ];
    /** The end of the first exclusion. */
    const END_MS = 30_002;
    const KEPT_MS = 600_000;

    test('failures below an exclusion -> dropped at the end of the period', () => {
      expect(stateOf(after(failures(1), beat(100, other)))).toBe('lowered 1 until 30000, load +1');
      expect(after(failures(1), beat(100, other), beat(30_000, other)).failures).toBe(NO_FAILURES);
      expect(after(failures(1), pass(40_000), beat(40_100, other)).failures).toBe(NO_FAILURES);
    });

    test('installed again within 10 min after the exclusion -> a failed test doubles the exclusion', () => {
      const returned = [failures(3), beat(100, other), pass(END_MS), beat(END_MS + KEPT_MS - 1, back)];
      expect(stateOf(after(...returned))).toBe('testable 3 until 30002, load +0');
      expect(stateOf(after(...returned, attempt(END_MS + KEPT_MS, failed)))).toBe('excluded 4 until 690002, load +0');
    });

    test('removed after the exclusion has ended -> kept as long', () => {
      const removed = [failures(3), pass(END_MS), beat(END_MS + 5000, other)];
      expect(stateOf(after(...removed, beat(END_MS + KEPT_MS - 1, back)))).toBe('testable 3 until 30002, load +0');
      expect(after(...removed, [[END_MS + KEPT_MS, deadline]]).failures).toBe(NO_FAILURES);
    });

    test('10 min after the exclusion -> dropped by a deadline, also when the node registers again', () => {
      const removed = [failures(3), beat(100, other), pass(END_MS)];
      expect(after(...removed).failures.nextEndMonotonicMs).toBe(END_MS + KEPT_MS);
      expect(after(...removed, [[END_MS + KEPT_MS, deadline]]).failures).toBe(NO_FAILURES);
      expect(after(...removed, [[END_MS + KEPT_MS, registered()]]).failures).toBe(NO_FAILURES);
    });

    test('installed again -> no deadline drops the entry', () => {
      const { nextEndMonotonicMs } = after(failures(3), beat(100, other), pass(END_MS), beat(END_MS + 1000, back)).failures;
      expect(nextEndMonotonicMs).toBeNull();
    });

    test('excluded -> shown as failing to the end of the exclusion only', () => {
      expect(failingModelsOf(after(failures(3), beat(100, other)))).toMatchObject([{ model_id: MODEL }]);
      expect(failingModelsOf(after(failures(3), beat(100, other), pass(END_MS)))).toEqual([]);
      expect(failingModelsOf(after(failures(3), pass(END_MS)))).toMatchObject([{ model_id: MODEL }]);
    });
  });

  test('more models than a node can have -> the entry that ends first is dropped', () => {
    const steps: Steps = Array.from({ length: MAX_MODELS + 1 }, (_, i) => [
      i,
      { type: 'attempt_failed', jobId: 'job-1', modelId: `m${String(i)}`, error: BROKE },
    ]);
    const { byModel } = played(aRecord(), steps).failures;
    expect([byModel.size, byModel.has('m0'), byModel.has('m1')]).toEqual([MAX_MODELS, false, true]);
  });

  test('any history -> at most one job is assigned in the time between an exclusion and a success', () => {
    let exclusions = 0;
    fc.assert(
      fc.property(stepsOf('node-1', 120), (steps) => {
        let record: NodeRecord | null = null;
        let ms = 0;
        for (const { afterMs, event } of steps) {
          ms += afterMs;
          const before: NodeRecord | null = record;
          [record] = nodeTransition(record, event, at(ms), BRISK);
          for (const [modelId, entry] of record?.failures.byModel ?? []) {
            if (isExcluded(entry)) exclusions++;
            const previous = before?.failures.byModel.get(modelId);
            if (entry.phase === 'testing' && previous?.phase !== 'testing') expect(previous?.phase).toBe('testable');
            if (entry.phase === 'testable' || isExcluded(entry)) expect(entry.failures).toBeGreaterThanOrEqual(3);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(exclusions, 'enough exclusions').toBeGreaterThan(50);
  });
});

describe('slots', () => {
  const claiming = (slots: number) => aRecord({ profile: aProfile({ maxConcurrentJobs: slots }) });

  test('each success -> one more slot, up to the limit of the node; a failure -> half, not below the default', () => {
    const slots = (verdicts: readonly AttemptVerdict[], claim = 256): number =>
      played(
        claiming(claim),
        verdicts.flatMap((verdict, i) => attempt(i, verdict)),
      ).provenSlots;
    const times = (count: number, verdict: AttemptVerdict) => Array.from({ length: count }, () => verdict);
    expect(slots(times(10, succeeded))).toBe(14);
    expect(slots(times(10, succeeded), 6)).toBe(6);
    expect(slots([...times(10, succeeded), failed])).toBe(7);
    expect(slots([...times(10, succeeded), failed, failed])).toBe(POLICY.maxConcurrentJobsPerNode);
    expect(slots([{ kind: 'none' }, refused])).toBe(POLICY.maxConcurrentJobsPerNode);
  });

  test('registered again -> slots kept; a new node begins with the default', () => {
    const grown = played(claiming(256), [
      [0, jobAssigned()],
      [0, jobReleased(succeeded)],
    ]);
    expect(played(grown, [[10, registered()]]).provenSlots).toBe(5);
    expect(played(null, [[10, registered()]]).provenSlots).toBe(POLICY.maxConcurrentJobsPerNode);
  });
});
