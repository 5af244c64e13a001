// The data that a node reports: decoded from its messages, and encoded for the API and the database.
import { describe, expect, test } from 'vitest';
import { parseProfile } from '../../../../src/main/scheduler/nodes/core/node-profile';
import {
  parseHardware,
  parseHeartbeat,
  parseModel,
  toHardwareView,
  toModelView,
  toReadingView,
  toUsageView,
} from '../../../../src/main/scheduler/nodes/core/node-report-views';
import { nodeRowSchema, storedNodeOf, toStoredProfile } from '../../../../src/main/scheduler/nodes/core/stored-node-schema';
import {
  type Hardware,
  type InstalledModel,
  type NodeHeartbeat,
  nodeHeartbeatSchema,
  nodeRegisterSchema,
} from '../../../../src/shared/protocol/node-messages';
import { aModel, aReport, aUsage, POLICY } from '../lifecycle/records';

const FULL_HARDWARE: Hardware = {
  cpu_cores: 16,
  memory_gb: 64,
  gpus: [{ name: 'RTX 4090', memory_gb: 24, index: 1, uuid: 'GPU-1', vendor: 'NVIDIA', driver_version: '550.1', simulated: true }],
};
const FULL_MODEL: InstalledModel = {
  model_id: 'm',
  kind: 'nmt',
  src_lang: 'en',
  tgt_lang: 'zh',
  dialect: 'formal',
  version: '2',
  enabled: false,
  tasks: ['command'],
  tokens_per_second: 12.5,
  vram_gb: 6.5,
  loaded: true,
  actions: ['load', 'unload'],
};
const FULL_BEAT: NodeHeartbeat = {
  type: 'node_heartbeat',
  node_id: 'mine',
  timestamp: 1,
  resource_usage: {
    cpu_percent: 1,
    mem_percent: 2,
    gpu_percent: 3,
    gpu_mem_percent: 4,
    owner_cpu_percent: 0.5,
    owner_gpu_percent: null,
    running_jobs: 5,
  },
  gpus: [
    {
      index: 1,
      utilization_percent: 6,
      memory_used_gb: 7,
      memory_total_gb: 8,
      temperature_c: 9,
      power_w: 10,
      available: true,
    },
  ],
  installed_models: [FULL_MODEL],
  capability_state: { m: 'ready' },
  model_residency: { m: 'pinned' },
  model_reasons: { m: 'unreadable' },
  model_control: true,
  accept_public_jobs: false,
  max_concurrent_jobs: 3,
  limits: { cpu_percent: 60, gpu_percent: null },
};

/** As a client receives a view. */
const sent = (view: unknown): unknown => JSON.parse(JSON.stringify(view));

describe('node report: views', () => {
  test('all fields present -> the view equals the message', () => {
    const { usage, gpus } = parseHeartbeat(FULL_BEAT);
    expect(sent(toHardwareView(parseHardware(FULL_HARDWARE)))).toEqual(FULL_HARDWARE);
    expect(sent(toModelView(parseModel(FULL_MODEL)))).toEqual(FULL_MODEL);
    expect(sent(toUsageView(usage))).toEqual(FULL_BEAT.resource_usage);
    expect(sent(gpus?.map(toReadingView))).toEqual(FULL_BEAT.gpus);
  });

  test('optional fields absent -> absent in the view', () => {
    const hardware: Hardware = { cpu_cores: 1, memory_gb: 1, gpus: [{ name: 'A', memory_gb: 8 }] };
    const model: InstalledModel = { model_id: 'm', kind: 'llm', version: '1', enabled: true };
    const usage = { cpu_percent: 1, mem_percent: 2, running_jobs: 0 };
    const gpus = [{ index: 0, available: false }];
    const report = parseHeartbeat({ type: 'node_heartbeat', node_id: 'mine', timestamp: 1, resource_usage: usage, gpus });
    expect(sent(toHardwareView(parseHardware(hardware)))).toEqual(hardware);
    expect(sent(toModelView(parseModel(model)))).toEqual(model);
    expect(sent(toUsageView(report.usage))).toEqual(usage);
    expect(sent(report.gpus?.map(toReadingView))).toEqual(gpus);
  });

  test.each([null, 0, 150, undefined])('GPU use %s -> the same value', (gpuPercent) => {
    const usage = { cpu_percent: 1, mem_percent: 2, running_jobs: 0, ...(gpuPercent === undefined ? {} : { gpu_percent: gpuPercent }) };
    const report = parseHeartbeat({ ...FULL_BEAT, resource_usage: usage });
    expect(report.usage.gpuPercent).toBe(gpuPercent);
    expect(sent(toUsageView(report.usage))).toEqual(usage);
  });
});

describe('node report: heartbeat', () => {
  test('all fields -> all values', () => {
    expect(parseHeartbeat(FULL_BEAT)).toEqual({
      usage: {
        cpuPercent: 1,
        memoryPercent: 2,
        gpuPercent: 3,
        gpuMemoryPercent: 4,
        ownerCpuPercent: 0.5,
        ownerGpuPercent: null,
        runningJobs: 5,
      },
      gpus: [{ index: 1, utilizationPercent: 6, memoryUsedGb: 7, memoryTotalGb: 8, temperatureC: 9, powerW: 10, available: true }],
      installedModels: [parseModel(FULL_MODEL)],
      capabilityState: { m: 'ready' },
      modelResidency: { m: 'pinned' },
      modelReasons: { m: 'unreadable' },
      allowsModelControl: true,
      acceptPublicJobs: false,
      maxConcurrentJobs: 3,
      limits: { cpuPercent: 60, gpuPercent: null, memoryPercent: undefined },
    });
  });

  test('fields of the profile absent or null -> null', () => {
    const usage = { cpu_percent: 5, mem_percent: 10, gpu_percent: 0, running_jobs: 0 };
    const absent = nodeHeartbeatSchema.parse({ type: 'node_heartbeat', node_id: 'mine', timestamp: 1, resource_usage: usage });
    const nulls = {
      installed_models: null,
      capability_state: null,
      model_residency: null,
      model_reasons: null,
      model_control: null,
      accept_public_jobs: null,
      max_concurrent_jobs: null,
      limits: null,
      gpus: null,
    };
    expect(parseHeartbeat(absent)).toEqual(aReport({ usage: aUsage() }));
    expect(parseHeartbeat({ ...absent, ...nulls })).toEqual(parseHeartbeat(absent));
  });

  test('model: fields absent or null -> null', () => {
    const model: InstalledModel = { model_id: 'm', kind: 'llm', version: '1', enabled: true };
    const nulls = { src_lang: null, tgt_lang: null, dialect: null, tasks: null, tokens_per_second: null, vram_gb: null, loaded: null };
    expect(parseModel(model)).toEqual(aModel({ modelId: 'm', kind: 'llm', srcLang: null, tgtLang: null }));
    expect(parseModel({ ...model, ...nulls })).toEqual(parseModel(model));
  });
});

describe('stored profile', () => {
  const profile = parseProfile(
    nodeRegisterSchema.parse({
      type: 'node_register',
      version: '1',
      platform: 'linux',
      hardware: FULL_HARDWARE,
      installed_models: [FULL_MODEL],
      features_supported: {},
      accept_public_jobs: true,
      limits: { gpu_percent: null },
    }),
    'mine',
    POLICY,
  );
  const row = (stored: unknown) => ({
    node_id: 'mine',
    token_hash: new Uint8Array(32),
    created_at: 1,
    profile: JSON.stringify(stored),
    status: 'ready',
    reason_code: 'health_check_passed',
    previous_status: null,
    has_been_ready: 1,
    since: 1,
    drain: null,
    pause: null,
    quarantine: null,
    wake: null,
    tags: null,
  });
  const loaded = (stored: unknown) => storedNodeOf(nodeRowSchema.parse(row(stored))).profile;

  test('hardware and models -> stored as the protocol encodes them', () => {
    expect(sent(toStoredProfile(profile))).toEqual({
      name: 'mine',
      version: '1',
      platform: 'linux',
      hardware: FULL_HARDWARE,
      installedModels: [FULL_MODEL],
      capabilityState: null,
      featuresSupported: {},
      advancedFeatures: [],
      acceptPublicJobs: true,
      maxConcurrentJobs: POLICY.maxConcurrentJobsPerNode,
      limits: { gpu_percent: null },
    });
  });

  test('stored and loaded -> unchanged', () => {
    expect(loaded(toStoredProfile(profile))).toEqual(profile);
  });

  test('row with null fields, from an earlier version -> loaded', () => {
    const { vram_gb: _vramGb, loaded: _loaded, actions: _actions, ...model } = FULL_MODEL;
    const earlier = { ...model, src_lang: null, tgt_lang: null, dialect: null, tasks: null, tokens_per_second: null };
    const { limits: _limits, ...stored } = toStoredProfile(profile);
    const restored = loaded({ ...stored, installedModels: [earlier] });
    expect(restored.installedModels).toEqual([aModel({ modelId: 'm', srcLang: null, tgtLang: null, version: '2', enabled: false })]);
    expect(restored.limits).toBeNull();
  });
});
