import { describe, expect, test } from 'vitest';
import {
  type ModelsHere,
  NO_MODELS,
  OLDEST_LOAD_MS,
  toHeartbeat,
  toRegister,
  toWireModels,
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
  checkedAtMs: 1,
  ...seen,
});
const models = [
  model('a', { src_lang: 'en', tgt_lang: 'es', dialect: 'mx' }),
  model('b', {}, { state: 'not_installed', reasonCode: 'file_missing' }),
];

const here = (known: readonly RuntimeModel[]): ModelsHere => ({ models: known, pulls: [], warmingUp: false });

describe('a registration', () => {
  test('names every model with its state and nothing of where it is kept', async () => {
    const message = toRegister(self, await new FakeHardware().inventory(), here(models), [], { nodeId: 'node-1', nodeToken: 't' });
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

  test.each([
    ['', undefined],
    ['   ', undefined],
    ['x'.repeat(300), 'x'.repeat(128)],
  ])('has the name %j as %j', async (name, expected) => {
    expect(toRegister({ ...self, name }, await new FakeHardware().inventory(), NO_MODELS, [], null).name).toBe(expected);
  });
});

test('a registration is measured in bytes, of which a character may have several', async () => {
  const hardware = await new FakeHardware().inventory();
  const some = Array.from({ length: 300 }, (_, i) => model(`${'模'.repeat(30)}${String(i)}`));
  expect(toRegister(self, hardware, here(some.slice(0, 100)), [], null).installed_models).toHaveLength(100);
  expect(toRegister(self, hardware, here(some), [], null).installed_models).toEqual([]);
});

test('a registration too large for a newcomer leaves its models to the heartbeat that follows the ack', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => model(`some-organisation/some-model-7b-q4-${String(i)}`));
  const hardware = await new FakeHardware().inventory();
  const message = toRegister(self, hardware, here(many), [], { nodeId: 'node-1', nodeToken: 't' });
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(64 * 1024);
  expect(message).toMatchObject({ node_id: 'node-1', node_token: 't', installed_models: [], capability_state: {} });
  expect(toHeartbeat(self, hardware, null, here(many), 0, 'node-1', 1).installed_models).toHaveLength(1000);
});

describe('a heartbeat', () => {
  test('before the first measurement tells what the inventory saw, and claims no load', async () => {
    const hardware = new FakeHardware();
    hardware.adapters = [gpu(), gpu({ key: 'b', uuid: 'b', index: 1, available: false, unavailableCode: 'gpu_lost' })];
    const message = toHeartbeat(self, await hardware.inventory(), null, here(models), 2, 'node-1', 12.7);
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

  test('of a machine without GPUs says that none is usable', async () => {
    const hardware = new FakeHardware();
    hardware.adapters = [];
    expect(toHeartbeat(self, await hardware.inventory(), await hardware.load(), NO_MODELS, 0, 'node-1', 1)).toMatchObject({
      gpus: [],
      resource_usage: { gpu_percent: null },
    });
  });
});

describe('figures', () => {
  const aged = async (ageMs: number): Promise<LoadReport> => ({ ...(await new FakeHardware().load()), ageMs });

  test.each([
    [0, OLDEST_LOAD_MS, true],
    [0, OLDEST_LOAD_MS + 1, false],
    [20_000, 10_001, false],
  ])('%i ms old when read, %i ms ago: usable %s', async (ageMs, sinceMs, usable) => {
    const load = trustedLoad(await aged(ageMs), 1000, 1000 + sinceMs);
    expect(load.gpus).toMatchObject([{ available: usable, unavailableCode: usable ? null : 'probe_timeout' }]);
  });
});

describe('a model that is on its way', () => {
  const pull = (modelId: string, state: RuntimeModel['state']) => model(modelId, {}, { state, reasonCode: 'pulling' });

  test('has a state, and is not among the installed ones, so that it does not keep the node from becoming ready', () => {
    expect(toWireModels({ ...here([model('a')]), pulls: [pull('b', 'downloading'), pull('c', 'error')] })).toEqual({
      installed_models: [model('a').model],
      capability_state: { a: 'ready', b: 'downloading', c: 'error' },
    });
  });

  test('gives way where there are as many models as may be told', () => {
    const many = Array.from({ length: 1024 }, (_, i) => model(`m${String(i)}`));
    const told = toWireModels({ ...here(many), pulls: [pull('b', 'downloading')] });
    expect([told.installed_models.length, Object.keys(told.capability_state).length, 'b' in told.capability_state]).toEqual([
      1024,
      1024,
      false,
    ]);
  });
});

describe('while the node warms up', () => {
  const served = (modelId: string, state: RuntimeModel['state']) => model(modelId, {}, { runtimeId: 'http://127.0.0.1:1234', state });
  const told = (models: readonly RuntimeModel[], warmingUp = true) => {
    const { installed_models: installed, capability_state: states } = toWireModels({ ...here(models), warmingUp });
    return [installed.map(({ model_id: id }) => id), states];
  };
  const mixed = [served('loaded', 'ready'), served('not-loaded', 'not_installed'), served('of-a-dead-one', 'error')];
  const states = { loaded: 'ready', 'not-loaded': 'not_installed', 'of-a-dead-one': 'error' };

  test.each<[string, readonly RuntimeModel[], boolean, unknown]>([
    ['a runtime’s model that is not ready has its state alone, so that it keeps the node from nothing', mixed, true, [['loaded'], states]],
    ['afterwards it is told like any other', mixed, false, [['loaded', 'not-loaded', 'of-a-dead-one'], states]],
    [
      'where none is ready all are told: the failed check names them',
      mixed.slice(1),
      true,
      [['not-loaded', 'of-a-dead-one'], { 'not-loaded': 'not_installed', 'of-a-dead-one': 'error' }],
    ],
    [
      'a model folder is waited for: its owner put it there',
      [served('loaded', 'ready'), model('b', {}, { state: 'error' })],
      true,
      [['loaded', 'b'], { loaded: 'ready', b: 'error' }],
    ],
  ])('%s', (_what, models, warmingUp, expected) => {
    expect(told(models, warmingUp)).toEqual(expected);
  });

  test('a registration is told as such, whatever the node was before it', async () => {
    const message = toRegister(self, await new FakeHardware().inventory(), here(mixed), [], null);
    expect([message.installed_models.map(({ model_id: id }) => id), message.capability_state]).toEqual([['loaded'], states]);
  });
});
