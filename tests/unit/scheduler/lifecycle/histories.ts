// Random histories of nodes for property tests: events with the time that passes before each.
import fc from 'fast-check';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import type { AttemptVerdict } from '../../../../src/main/scheduler/lifecycle/model-failures';
import type { LifecyclePolicy } from '../../../../src/main/scheduler/lifecycle/policy';
import { MODEL_RESIDENCIES } from '../../../../src/shared/protocol/model-control';
import { aModel, aProfile, aReading, aReport, aUsage, BROKE, jobAssigned, jobReleased, NO_GRACE, POLICY } from './records';

/** Short timeouts, so that histories of a few dozen events reach every deadline. */
export const BRISK: LifecyclePolicy = {
  ...POLICY,
  heartbeatIntervalMs: 10,
  heartbeatTimeoutMs: 30,
  warmupTimeoutMs: 40,
  healthCheckSuccessThreshold: 2,
  drainTimeoutMs: 60,
  offlineRetentionMs: 100,
};

export interface Step {
  readonly afterMs: number;
  readonly event: NodeEvent;
}

const installed = fc.subarray([
  aModel({ modelId: 'a' }),
  aModel({ modelId: 'a', tasks: ['command'] }),
  aModel({ modelId: 'b', kind: 'tts', tasks: ['/v1/completions'] }),
  aModel({ modelId: 'b', kind: 'tts', srcLang: null }),
  aModel({ modelId: 'c', srcLang: 'de' }),
]);
/** Measured speeds: often null, and often equal to those of other models. */
const models = fc
  .tuple(installed, fc.constantFrom(null, null, 20, 50))
  .map(([all, speed]) => all.map((model) => ({ ...model, tokensPerSecond: speed })));
const capabilities = fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('ready', 'ready', 'error', 'downloading')), {
  nil: null,
});
const residencies = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...MODEL_RESIDENCIES));
const by = fc.constantFrom('operator', 'node');

/** Percentages of load: mostly low, so that ties and threshold crossings are both common. */
const percent = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0, 5, 10) }, { weight: 1, arbitrary: fc.constantFrom(24.9, 25, 80) });

const profile = fc
  .record({
    installedModels: models,
    capabilityState: capabilities,
    acceptPublicJobs: fc.boolean(),
    maxConcurrentJobs: fc.integer({ min: 1, max: 3 }),
  })
  .map(aProfile);

const report = fc
  .record({
    cpuPercent: percent,
    memoryPercent: percent,
    gpuPercent: fc.oneof({ weight: 6, arbitrary: percent }, { weight: 1, arbitrary: fc.constantFrom(null, 150) }),
    runningJobs: fc.constantFrom(0, 0, 0, 1),
  })
  .chain((usage) =>
    fc.record({
      usage: fc.constant(aUsage(usage)),
      installedModels: fc.option(models, { nil: null, freq: 8 }),
      capabilityState: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: capabilities }),
      modelResidency: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: residencies }),
      modelReasons: fc.constantFrom(null, null, {}, { m: 'unreadable' }),
      gpus: fc.oneof(
        { weight: 5, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.boolean().map((available) => [aReading({ available, memoryTotalGb: 20 })]) },
      ),
    }),
  )
  .map((fields) => aReport(fields));

const modelId = fc.constantFrom('a', 'b');
const jobId = fc.constantFrom('job-1', 'job-2');
const verdict = fc.constantFrom<AttemptVerdict>(
  { kind: 'succeeded' },
  { kind: 'refused' },
  { kind: 'none' },
  { kind: 'failed', error: BROKE },
  { kind: 'failed', error: BROKE },
);
/** Most quarantines end soon, so that most nodes are candidates. */
const RELEASES: readonly NodeEvent[] = Array.from({ length: 3 }, () => ({ type: 'release_requested' }));

const eventOf = (nodeId: string): fc.Arbitrary<NodeEvent> =>
  fc.oneof(
    { weight: 3, arbitrary: profile.map((known): NodeEvent => ({ type: 'registered', nodeId, profile: known })) },
    {
      weight: 14,
      arbitrary: report.map((content): NodeEvent => ({ type: 'heartbeat', report: content, graceUntilMonotonicMs: NO_GRACE })),
    },
    { weight: 1, arbitrary: fc.constant<NodeEvent>({ type: 'connection_lost', isAsleep: false }) },
    { weight: 1, arbitrary: by.map((who): NodeEvent => ({ type: 'drain_requested', by: who, reason: null, timeoutMs: null })) },
    { weight: 1, arbitrary: by.map((who): NodeEvent => ({ type: 'resume_requested', by: who })) },
    { weight: 3, arbitrary: fc.tuple(modelId, jobId, fc.constantFrom(0, 0.5, 1, 2)).map((values): NodeEvent => jobAssigned(...values)) },
    { weight: 4, arbitrary: fc.tuple(verdict, modelId, jobId).map((values): NodeEvent => jobReleased(...values)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(jobId, modelId)
        .map(([id, failed]): NodeEvent => ({ type: 'attempt_failed', jobId: id, modelId: failed, error: BROKE })),
    },
    { weight: 1, arbitrary: modelId.map((excused): NodeEvent => ({ type: 'failure_excused', modelId: excused })) },
    { weight: 1, arbitrary: fc.constantFrom<NodeEvent>({ type: 'quarantine_requested', reason: null }, ...RELEASES) },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(NO_GRACE, 50, 200)
        .map((graceUntilMonotonicMs): NodeEvent => ({ type: 'deadline_reached', graceUntilMonotonicMs })),
    },
    { weight: 1, arbitrary: fc.constantFrom<NodeEvent>({ type: 'left' }, { type: 'removed' }) },
  );

const afterMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 120 }) },
);

export const stepsOf = (nodeId: string, maxLength = 60): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ afterMs, event: eventOf(nodeId) }), { maxLength, size: 'max' });

/** Interleaved steps of several nodes. */
export const poolSteps = (nodeIds: readonly string[], maxLength: number): fc.Arbitrary<(Step & { readonly nodeId: string })[]> =>
  fc.array(
    fc
      .constantFrom(...nodeIds)
      .chain((nodeId) => fc.record({ nodeId: fc.constant(nodeId), afterMs: fc.integer({ min: 0, max: 2 }), event: eventOf(nodeId) })),
    { maxLength, size: 'max' },
  );
