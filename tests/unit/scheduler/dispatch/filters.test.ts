// Every filter of lifecycle §3: the nodes that pass, and the exclusions of the others.
import { describe, expect, test } from 'vitest';
import {
  allExclusions,
  FILTERS,
  firstExclusion,
  firstExclusionCode,
  isSchedulable,
  suits,
} from '../../../../src/main/scheduler/dispatch/filters';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { NO_OWNER_LOAD } from '../../../../src/main/scheduler/lifecycle/owner-load';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { InstalledModel } from '../../../../src/main/scheduler/lifecycle/node-report';
import type { Exclusion } from '../../../../src/shared/api/dispatch';
import { exclusionFacts } from '../../../../src/shared/api/exclusion-facts';
import { exclusionSchema } from '../../../../src/shared/protocol/scheduler-messages';
import { EXCLUSION_REASONS } from '../../../../src/shared/protocol/status';
import type { TaskKind } from '../../../../src/shared/protocol/task-kinds';
import { played } from '../lifecycle/play';
import { aGpu, aModel, aPause, aProfile, aReading, aRecord, at, aUsage, BROKE } from '../lifecycle/records';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

const aJob = (overrides: Partial<JobRequirements> = {}): JobRequirements => ({ requiredModels: [], public: true, ...overrides });

const twoGpus = {
  cpuCores: 8,
  memoryGb: 32,
  gpus: [aGpu({ name: 'A', memoryGb: 24 }), aGpu({ name: 'B', memoryGb: 8 })],
};
const polyglot = aProfile({
  installedModels: [
    aModel({ modelId: 'en-zh' }),
    aModel({ modelId: 'en-de', tgtLang: 'de' }),
    aModel({ modelId: 'any', kind: 'tts', srcLang: null, tgtLang: null }),
    aModel({ modelId: 'off', enabled: false }),
  ],
  capabilityState: { 'en-zh': 'ready', 'en-de': 'error', any: 'ready', off: 'ready' },
  featuresSupported: { emotion_detection: true, speech_rate_control: null },
});

const models = (wanted: object, found: object): Exclusion => ({
  filter: 'models',
  code: 'model_not_available',
  wanted: { models: [], kinds: [], features: [], ...wanted },
  found: { models: {}, kinds: [], features: {}, ...found },
});

const gpu = (wanted: object, found: object): Exclusion => ({ filter: 'gpu', code: 'gpu_unavailable', wanted, found }) as Exclusion;

const overuse = (found: object | null, cpuPercentBelow = 25): Exclusion =>
  ({
    filter: 'resource_use',
    code: 'resource_threshold_exceeded',
    wanted: {
      cpu_percent_below: cpuPercentBelow,
      gpu_percent_below: 25,
      mem_percent_below: 90,
      available_memory_gb: 2,
      set_by: { cpu: 'default', gpu: 'default', mem: 'default' },
    },
    found,
  }) as Exclusion;

const capacity = (found: object): Exclusion =>
  ({ filter: 'capacity', code: 'capacity_exceeded', wanted: { in_flight_jobs_below: 4 }, found }) as Exclusion;

type Case = readonly [string, Partial<NodeRecord>, Partial<JobRequirements>, Exclusion | null];

/** A job that needs speech. `taken`: the tasks that the node reports instead. */
function taking(what: string, entries: readonly Partial<InstalledModel>[], taken: readonly TaskKind[] | null): Case {
  const task = { modelId: 'nmt-en-zh', task: '/v1/audio/speech' } as const;
  return [
    `a model that ${what}`,
    { profile: aProfile({ installedModels: entries.map(aModel) }) },
    { requiredModels: [task.modelId], requiredTask: task },
    taken === null ? null : models({ task: { model_id: task.modelId, task: task.task } }, { tasks: taken }),
  ];
}

/** The exclusion of a node that passes all other filters. Null: the node passes. */
const CASES: readonly Case[] = [
  ['no requirement', {}, {}, null],

  ['this node by id', {}, { nodeId: 'node-1' }, null],
  [
    'another node by id',
    {},
    { nodeId: 'node-2' },
    { filter: 'requested_node', code: 'not_requested_node', wanted: 'node-2', found: 'node-1' },
  ],

  ...(['registering', 'degraded', 'draining', 'offline'] as const).map(
    (status) =>
      [
        `status ${status}`,
        { status, reasonCode: 'warmup_timeout' },
        {},
        { filter: 'status', code: 'status_not_ready', wanted: 'ready', found: { status, reason_code: 'warmup_timeout' } },
      ] as const,
  ),
  [
    'paused by a rule of the owner: no code, no detail',
    { status: 'offline', reasonCode: 'drain_complete', pause: aPause({ code: 'full_screen', detail: 'Factorio', untilWallMs: 9000 }) },
    {},
    {
      filter: 'status',
      code: 'status_not_ready',
      wanted: 'ready',
      found: { status: 'offline', reason_code: 'drain_complete', pause: { since: at(0).wallMs, until: 9000 } },
    },
  ],
  ['no connection', { online: false }, {}, { filter: 'online', code: 'not_online', wanted: true, found: false }],

  ['a private job on a private node', { profile: aProfile({ acceptPublicJobs: false }) }, { public: false }, null],
  [
    'a public job on a private node',
    { profile: aProfile({ acceptPublicJobs: false }) },
    {},
    { filter: 'public_pool', code: 'not_in_public_pool', wanted: { accept_public_jobs: true }, found: { accept_public_jobs: false } },
  ],

  [
    'an unreadable GPU',
    { gpus: [aReading({ available: false })] },
    {},
    gpu({ usable: true }, { usable: false, fault: 'none_available', memory_gb: null }),
  ],
  ['memory that fits exactly', {}, { minGpuMemoryGb: 24 }, null],
  [
    'memory that is too small',
    {},
    { minGpuMemoryGb: 24.5 },
    gpu({ usable: true, memory_gb: 24.5 }, { usable: true, fault: null, memory_gb: 24 }),
  ],
  [
    'memory: the measured value counts, not the registered one',
    { gpus: [aReading({ memoryTotalGb: 23.5 })] },
    { minGpuMemoryGb: 24 },
    gpu({ usable: true, memory_gb: 24 }, { usable: true, fault: null, memory_gb: 23.5 }),
  ],
  [
    'memory: only an unavailable GPU has enough',
    {
      profile: aProfile({ hardware: twoGpus }),
      gpus: [aReading({ index: 0, available: false }), aReading({ index: 1 })],
    },
    { minGpuMemoryGb: 16 },
    gpu({ usable: true, memory_gb: 16 }, { usable: true, fault: null, memory_gb: 8 }),
  ],
  [
    'memory: readings belong to the GPU with their index, not to its position',
    {
      profile: aProfile({ hardware: { ...twoGpus, gpus: twoGpus.gpus.map((each, position) => ({ ...each, index: 1 - position })) } }),
      gpus: [aReading({ index: 0, available: false }), aReading({ index: 1 })],
    },
    { minGpuMemoryGb: 24 },
    null,
  ],
  [
    'memory: no single GPU has enough',
    { profile: aProfile({ hardware: twoGpus }) },
    { minGpuMemoryGb: 32 },
    gpu({ usable: true, memory_gb: 32 }, { usable: true, fault: null, memory_gb: 24 }),
  ],

  ['a model that is ready', { profile: polyglot }, { requiredModels: ['en-zh', 'any'] }, null],
  [
    'models in error, disabled, missing and named like a method',
    { profile: polyglot },
    { requiredModels: ['en-zh', 'en-de', 'off', 'none', 'toString'] },
    models(
      { models: ['en-de', 'off', 'none', 'toString'] },
      { models: { 'en-de': 'error', off: 'disabled', none: 'not_installed', toString: 'not_installed' } },
    ),
  ],
  ['a kind with its languages', { profile: polyglot }, { requiredKinds: [{ kind: 'nmt', srcLang: 'en', tgtLang: 'zh' }] }, null],
  ['a kind in any language', { profile: polyglot }, { requiredKinds: [{ kind: 'nmt' }, { kind: 'tts' }] }, null],
  [
    'a kind in a language whose model is in error',
    { profile: polyglot },
    { requiredKinds: [{ kind: 'nmt', tgtLang: 'de' }] },
    models(
      { kinds: [{ kind: 'nmt', src_lang: null, tgt_lang: 'de' }] },
      {
        kinds: [
          [
            { model_id: 'en-zh', src_lang: 'en', tgt_lang: 'zh', state: 'ready' },
            { model_id: 'en-de', src_lang: 'en', tgt_lang: 'de', state: 'error' },
            { model_id: 'off', src_lang: 'en', tgt_lang: 'zh', state: 'disabled' },
          ],
        ],
      },
    ),
  ],
  [
    'a language, and a model without a language',
    { profile: polyglot },
    { requiredKinds: [{ kind: 'tts', srcLang: 'en' }] },
    models(
      { kinds: [{ kind: 'tts', src_lang: 'en', tgt_lang: null }] },
      { kinds: [[{ model_id: 'any', src_lang: null, tgt_lang: null, state: 'ready' }]] },
    ),
  ],
  taking('reports no tasks', [{}], null),
  taking('takes the task', [{ tasks: ['command', '/v1/audio/speech'] }], null),
  taking('takes the task in one entry of two', [{ tasks: [] }, { tgtLang: 'de', tasks: ['/v1/audio/speech'] }], null),
  taking('takes other tasks', [{ tasks: ['command'] }, { enabled: false, tasks: ['/v1/audio/speech'] }], ['command']),
  taking('takes no task at all', [{ tasks: [] }], []),
  [
    'a model that is not installed and has no state',
    {},
    { requiredModels: ['none'], requiredTask: { modelId: 'none', task: 'command' } },
    models({ models: ['none'] }, { models: { none: 'not_installed' } }),
  ],
  ['a feature that is supported', { profile: polyglot }, { requiredFeatures: ['emotion_detection'] }, null],
  [
    'features that are false or not reported',
    { profile: polyglot },
    { requiredFeatures: ['speech_rate_control', 'persona_adaptation'] },
    models(
      { features: ['speech_rate_control', 'persona_adaptation'] },
      { features: { speech_rate_control: null, persona_adaptation: null } },
    ),
  ],

  ['one free slot', { assignedJobs: 3 }, {}, null],
  ['all slots assigned', { assignedJobs: 4 }, {}, capacity({ in_flight_jobs: 4, assigned_jobs: 4, reported_jobs: 0 })],
  [
    'more reported than assigned',
    { assignedJobs: 1, usage: aUsage({ runningJobs: 4 }) },
    {},
    capacity({ in_flight_jobs: 4, assigned_jobs: 1, reported_jobs: 4 }),
  ],

  ['use just below every threshold', { usage: aUsage({ cpuPercent: 24.9, gpuPercent: 24.9, memoryPercent: 89.9 }) }, {}, null],
  ['CPU use at its threshold', { usage: aUsage({ cpuPercent: 25 }) }, {}, overuse({ cpu_percent: 25 })],
  [
    'all use above the thresholds',
    { usage: aUsage({ cpuPercent: 90, gpuPercent: 80, memoryPercent: 95 }) },
    {},
    overuse({ cpu_percent: 90, gpu_percent: 80, mem_percent: 95 }),
  ],
  ['GPU use that was not measured', { usage: aUsage({ gpuPercent: undefined }) }, {}, null],
  ['usage never reported', { usage: null, ownerLoad: NO_OWNER_LOAD }, {}, overuse(null, 60)],
];

test.each(CASES)('filters: %s -> wanted and found values', (_case, node, requirements, expected) => {
  const record = aRecord(node);
  const job = aJob(requirements);

  expect(allExclusions(record, job, POLICY)).toEqual(expected === null ? [] : [expected]);
  expect(firstExclusion(record, job, POLICY)).toEqual(expected);
  expect(firstExclusionCode(record, job, POLICY)).toBe(expected?.code ?? null);
  expect(isSchedulable(record, POLICY) && suits(record, job, POLICY), 'the two predicates together').toBe(expected === null);
  if (expected === null) return;
  expect(exclusionSchema.parse(expected)).toEqual(expected);
  expect(exclusionFacts(expected)).toMatchObject({ code: expected.code });
});

describe('filters', () => {
  const failures = [1, 2, 3].map((ms) => [ms, { type: 'attempt_failed', jobId: 'job-1', modelId: 'm', error: BROKE }] as const);
  const hopeless = aRecord({
    status: 'offline',
    online: false,
    profile: aProfile({ acceptPublicJobs: false, installedModels: [aModel({ modelId: 'm', vramGb: 40, enabled: false })] }),
    gpus: [aReading({ memoryTotalGb: 24, memoryUsedGb: 4 })],
    quarantine: { by: 'operator', reason: null, since: at(0) },
    failures: played(aRecord(), failures).failures,
    assignedJobs: 9,
    usage: aUsage({ cpuPercent: 100 }),
  });
  const job = aJob({ nodeId: 'node-2', requiredModels: ['m'], minGpuMemoryGb: 80 });

  test('list -> one filter for each reason, in the order of the reasons', () => {
    expect(FILTERS.map((filter) => filter(hopeless, job, POLICY)?.code)).toEqual(EXCLUSION_REASONS);
    expect(allExclusions(hopeless, job, POLICY).map(({ code }) => code)).toEqual(expect.arrayContaining([...EXCLUSION_REASONS]));
  });

  test('code of the first exclusion, for counts of a whole pool -> no model after the first missing one is read', () => {
    let read = 0;
    const models = new Proxy(
      Array.from({ length: 64 }, (_, i) => `missing-${String(i)}`),
      { get: (all, name, self) => ((read += /^\d+$/.test(String(name)) ? 1 : 0), Reflect.get(all, name, self) as unknown) },
    );
    expect(firstExclusionCode(aRecord(), aJob({ requiredModels: models }), POLICY)).toBe('model_not_available');
    expect(read).toBe(1);
  });
});
