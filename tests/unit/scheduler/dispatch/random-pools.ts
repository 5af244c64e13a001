// Random jobs and pools for the property tests of dispatch.
import fc from 'fast-check';
import { BRISK } from '../lifecycle/histories';
import { aModel, aProfile } from '../lifecycle/records';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

export const NODE_IDS = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8'];

export const anyJob: fc.Arbitrary<JobRequirements> = fc.record(
  {
    requiredModels: fc.subarray(['a', 'b', 'c', 'unknown'], { maxLength: 2 }),
    public: fc.boolean(),
    requiredKinds: fc.subarray([{ kind: 'nmt' as const }, { kind: 'tts' as const }, { kind: 'nmt' as const, srcLang: 'de' }], {
      maxLength: 1,
    }),
    requiredTask: fc.record({
      modelId: fc.constantFrom('a', 'b'),
      task: fc.constantFrom('command' as const, '/v1/completions' as const),
    }),
    nodeId: fc.constantFrom(...NODE_IDS, 'unknown'),
    minGpuMemoryGb: fc.constantFrom(20, 22, 30),
  },
  { requiredKeys: ['requiredModels', 'public'] },
);

export const WITH_ALL_MODELS = aProfile({
  installedModels: [aModel({ modelId: 'a' }), aModel({ modelId: 'b', kind: 'tts' }), aModel({ modelId: 'c', srcLang: 'de' })],
  capabilityState: null,
});

/** A policy under which nodes become ready soon and stay ready, so that most nodes are candidates. */
export const EAGER = { ...BRISK, healthCheckSuccessThreshold: 1, heartbeatTimeoutMs: 2000, warmupTimeoutMs: 2000 };
