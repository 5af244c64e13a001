import { describe, expect, test } from 'vitest';
import {
  type AdvertisedModels,
  NO_MODELS,
  MAX_LOAD_AGE_MS,
  toHeartbeat,
  toRegister,
  withKnownMemory,
  toWireModels,
  toWireReasons,
  trustedLoad,
} from '../../../../src/main/agent/core/node-messages';
import type { LoadReport } from '../../../../src/main/hardware/parse/types';
import type { RuntimeModel } from '../../../../src/main/runtimes/core/runtime-snapshot';
import { nodeMessageSchema } from '../../../../src/shared/protocol/node-messages';
import { FakeHardware, gpu } from '../../../support/fake-hardware';

const self = { version: '0.1.0', name: 'n', acceptPublicJobs: false, maxConcurrentJobs: 3 };
const model = (modelId: string, fields: Partial<RuntimeModel['model']> = {}, seen: Partial<RuntimeModel> = {}): RuntimeModel => ({
  runtimeId: 'folders',
  model: { model_id: modelId, kind: 'nmt', version: '1', enabled: true, ...fields },
  state: 'ready',
  reasonCode: 'all_verified',
  details: { path: 'private.bin' },
  sizeBytes: 1,
  progress: null,
  checkedAtWallMs: 1,
  ...seen,
});
const models = [
  model('a', { src_lang: 'en', tgt_lang: 'es', dialect: 'mx' }),
  model('b', {}, { state: 'not_installed', reasonCode: 'file_missing' }),
];

const advertised = (known: readonly RuntimeModel[]): AdvertisedModels => ({ models: known, pulls: [], warmingUp: false });

describe('node_register', () => {
  test('owner lets the scheduler wake this computer -> its address, also without the models that do not fit; else none', async () => {
    const hardware = await new FakeHardware().inventory();
    const many = Array.from({ length: 1000 }, (_, index) => model(`${'m'.repeat(200)}-${String(index)}`));
    const register = (known: readonly RuntimeModel[], mac: string | null) =>
      toRegister(self, hardware, advertised(known), [], null, null, mac);
    for (const known of [models, many]) expect(register(known, '02:00:00:00:00:0a')).toMatchObject({ wake_mac: '02:00:00:00:00:0a' });
    expect(register(models, null)).not.toHaveProperty('wake_mac');
  });

  test('token withheld -> id without the token', async () => {
    const message = toRegister(self, await new FakeHardware().inventory(), NO_MODELS, [], { nodeId: 'node-1', nodeToken: null });
    expect(message).toMatchObject({ node_id: 'node-1' });
    expect(message).not.toHaveProperty('node_token');
  });

  test('every model with its state, without its path', async () => {
    const message = toRegister(self, await new FakeHardware().inventory(), advertised(models), [], { nodeId: 'node-1', nodeToken: 't' });
    expect(message).toMatchObject({
      node_id: 'node-1',
      node_token: 't',
      installed_models: [
        { model_id: 'a', kind: 'nmt', version: '1', src_lang: 'en', tgt_lang: 'es', dialect: 'mx' },
        { model_id: 'b', kind: 'nmt', version: '1' },
      ],
      capability_state: { a: 'ready', b: 'not_installed' },
    });
    expect(JSON.stringify(message)).not.toContain('private');
    expect(nodeMessageSchema.safeParse(message).success).toBe(true);
  });

  test('model that is not shared -> not enabled, without actions; its state stays', () => {
    const [shared, own] = ['a', 'b'].map((id) => model(id, { actions: ['load', 'unload'] }));
    const sent = toWireModels({ ...advertised([shared, own].flatMap((one) => one ?? [])), unshared: ['b', 'gone'] });
    expect(sent).toMatchObject({
      installed_models: [
        { model_id: 'a', enabled: true, actions: ['load', 'unload'] },
        { model_id: 'b', enabled: false },
      ],
      capability_state: { a: 'ready', b: 'ready' },
    });
    expect(sent.installed_models[1]).not.toHaveProperty('actions');
  });

  test.each([
    ['', undefined],
    ['   ', undefined],
    ['x'.repeat(300), 'x'.repeat(128)],
  ])('name %j -> %j', async (name, expected) => {
    expect(toRegister({ ...self, name }, await new FakeHardware().inventory(), NO_MODELS, [], null).name).toBe(expected);
  });
});

test('node_register: the size limit counts bytes, not characters', async () => {
  const hardware = await new FakeHardware().inventory();
  const some = Array.from({ length: 300 }, (_, i) => model(`${'模'.repeat(30)}${String(i)}`));
  expect(toRegister(self, hardware, advertised(some.slice(0, 100)), [], null).installed_models).toHaveLength(100);
  expect(toRegister(self, hardware, advertised(some), [], null).installed_models).toEqual([]);
});

test('node_register: too large -> without models, the next heartbeat has them', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => model(`some-organisation/some-model-7b-q4-${String(i)}`));
  const hardware = await new FakeHardware().inventory();
  const message = toRegister(self, hardware, advertised(many), [], { nodeId: 'node-1', nodeToken: 't' });
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(64 * 1024);
  expect(message).toMatchObject({ node_id: 'node-1', node_token: 't', installed_models: [], capability_state: {} });
  expect(toHeartbeat(self, hardware, null, advertised(many), 0, 'node-1', 1).installed_models).toHaveLength(1000);
});

describe('node_heartbeat', () => {
  test('no load reading yet -> GPU availability of the inventory', async () => {
    const hardware = new FakeHardware();
    hardware.adapters = [gpu(), gpu({ key: 'b', uuid: 'b', index: 1, available: false, unavailableCode: 'gpu_lost' })];
    const message = toHeartbeat(self, await hardware.inventory(), null, advertised(models), 2, 'node-1', 12.7);
    expect(message).toMatchObject({
      timestamp: 13,
      gpus: [
        { index: 0, available: true },
        { index: 1, available: false },
      ],
      capability_state: { a: 'ready', b: 'not_installed' },
    });
    expect(nodeMessageSchema.safeParse(message).success).toBe(true);
  });

  test('memory unknown -> null; for an older scheduler 100', async () => {
    const message = toHeartbeat(self, await new FakeHardware().inventory(), null, NO_MODELS, 0, 'node-1', 1);
    expect(message.resource_usage.mem_percent).toBeNull();
    expect(withKnownMemory(message).resource_usage.mem_percent).toBe(100);
  });

  test('no GPU -> gpu_percent null', async () => {
    const hardware = new FakeHardware();
    hardware.adapters = [];
    expect(toHeartbeat(self, await hardware.inventory(), await hardware.load(), NO_MODELS, 0, 'node-1', 1)).toMatchObject({
      gpus: [],
      resource_usage: { gpu_percent: null },
    });
  });
});

describe('load age', () => {
  const aged = async (ageMs: number): Promise<LoadReport> => ({ ...(await new FakeHardware().load()), ageMs });

  test.each([
    [0, MAX_LOAD_AGE_MS, true],
    [0, MAX_LOAD_AGE_MS + 1, false],
    [20_000, 10_001, false],
  ])('%i ms old when read %i ms ago -> available %s', async (ageMs, elapsedMs, usable) => {
    const load = trustedLoad(await aged(ageMs), await new FakeHardware().inventory(), 1000, 1000 + elapsedMs);
    expect(load.gpus).toMatchObject([{ available: usable, unavailableCode: usable ? null : 'probe_timeout' }]);
    expect([load.ownerCpuPercent, load.ownerGpuPercent]).toEqual(usable ? [12, 0] : [null, null]);
  });

  test('too old, simulated GPU -> available, load of the owner unknown', async () => {
    const hardware = { adapters: [gpu({ simulated: true })] };
    const load = trustedLoad(await aged(MAX_LOAD_AGE_MS + 1), hardware, 1000, 1000);
    expect(load).toMatchObject({ ownerCpuPercent: null, ownerGpuPercent: null, gpus: [{ available: true, unavailableCode: null }] });
  });
});

describe('model that is being downloaded', () => {
  const pull = (modelId: string, state: RuntimeModel['state']) => model(modelId, {}, { state, reasonCode: 'pulling' });

  test('state only, not in installed_models, so that it does not block the warm-up', () => {
    expect(toWireModels({ ...advertised([model('a')]), pulls: [pull('b', 'downloading'), pull('c', 'error')] })).toEqual({
      installed_models: [model('a').model],
      capability_state: { a: 'ready', b: 'downloading', c: 'error' },
    });
  });

  test('left out when the limit of models is reached', () => {
    const many = Array.from({ length: 1024 }, (_, i) => model(`m${String(i)}`));
    const wire = toWireModels({ ...advertised(many), pulls: [pull('b', 'downloading')] });
    expect([wire.installed_models.length, Object.keys(wire.capability_state).length, 'b' in wire.capability_state]).toEqual([
      1024,
      1024,
      false,
    ]);
  });
});

test('reasons: of models and downloads that are not ready', () => {
  const models = [model('a'), model('b', {}, { state: 'error', reasonCode: 'process_not_running' })];
  const pulls = [model('c', {}, { state: 'downloading', reasonCode: 'pulling' })];
  expect(toWireReasons({ ...advertised(models), pulls })).toEqual({
    model_reasons: { b: 'process_not_running', c: 'pulling' },
  });
  expect(toWireReasons(advertised([model('a')]))).toEqual({ model_reasons: {} });
});

describe('models during the warm-up', () => {
  const served = (modelId: string, state: RuntimeModel['state']) => model(modelId, {}, { runtimeId: 'http://127.0.0.1:1234', state });
  const wire = (models: readonly RuntimeModel[], warmingUp = true) => {
    const { installed_models: installed, capability_state: states } = toWireModels({ ...advertised(models), warmingUp });
    return [installed.map(({ model_id: id }) => id), states];
  };
  const mixed = [served('loaded', 'ready'), served('not-loaded', 'not_installed'), served('of-a-dead-one', 'error')];
  const states = { loaded: 'ready', 'not-loaded': 'not_installed', 'of-a-dead-one': 'error' };

  test.each<[string, readonly RuntimeModel[], boolean, unknown]>([
    ['warming up, one ready -> unready models of runtimes have a state only', mixed, true, [['loaded'], states]],
    ['warm-up over -> all models installed', mixed, false, [['loaded', 'not-loaded', 'of-a-dead-one'], states]],
    [
      'none ready -> all models installed, so that the failed check lists them',
      mixed.slice(1),
      true,
      [['not-loaded', 'of-a-dead-one'], { 'not-loaded': 'not_installed', 'of-a-dead-one': 'error' }],
    ],
    [
      'unready model of a folder -> installed, because the owner put it there',
      [served('loaded', 'ready'), model('b', {}, { state: 'error' })],
      true,
      [['loaded', 'b'], { loaded: 'ready', b: 'error' }],
    ],
  ])('%s', (_title, models, warmingUp, expected) => {
    expect(wire(models, warmingUp)).toEqual(expected);
  });

  test('registration, also after the warm-up -> same models as during the warm-up', async () => {
    const message = toRegister(self, await new FakeHardware().inventory(), advertised(mixed), [], null);
    expect([message.installed_models.map(({ model_id: id }) => id), message.capability_state]).toEqual([['loaded'], states]);
  });
});
