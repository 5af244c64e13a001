// Limits of a frame, and the valid range of the heartbeat interval.
import { describe, expect, it, test } from 'vitest';
import { decodeNodeMessage, decodeSchedulerMessage } from '../../../../src/shared/protocol/decode';
import { capabilityStateSchema } from '../../../../src/shared/protocol/node-messages';
import { SAMPLES } from '../../../support/broken-frames';
import { heartbeat } from '../../../support/test-node';

describe('capability state', () => {
  const withModels = (count: number, state: unknown) =>
    JSON.stringify({
      ...heartbeat('mine'),
      capability_state: Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${String(i)}`, state])),
    });

  it('capability state: 1,024 models -> valid', () => {
    expect(decodeNodeMessage(withModels(1024, 'ready')).ok).toBe(true);
  });

  it('capability state: more models -> refused before an entry is validated', () => {
    expect(decodeNodeMessage(withModels(1025, 'no state'))).toEqual({
      ok: false,
      error: { field: 'capability_state', reason: 'more than 1024 models' },
    });
  });

  it.each([
    [{ m: 'happy' }, 'capability_state.m'],
    [{ '': 'ready' }, 'capability_state.'],
    [[], 'capability_state'],
    ['ready', 'capability_state'],
  ])('capability state: %j -> error with the field', (state, field) => {
    expect(decodeNodeMessage(JSON.stringify({ ...heartbeat('mine'), capability_state: state }))).toMatchObject({
      ok: false,
      error: { field },
    });
  });

  it('capability state: key __proto__ -> no effect', () => {
    const state = capabilityStateSchema.parse(JSON.parse('{"__proto__":"ready","constructor":"ready"}'));
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
    expect(Object.hasOwn(state, 'constructor')).toBe(true);
  });
});

describe('tasks of a model', () => {
  const decoded = (tasks: unknown) =>
    decodeNodeMessage(
      JSON.stringify({
        ...heartbeat('mine'),
        installed_models: [{ model_id: 'm', kind: 'llm', version: '1', ...(tasks === undefined ? {} : { tasks }) }],
      }),
    );
  const model = { model_id: 'm', kind: 'llm', version: '1', enabled: true };

  it.each([
    ['absent, from an older node', undefined, model],
    ['null', null, { ...model, tasks: null }],
    ['none', [], { ...model, tasks: [] }],
    [
      'unordered, with a duplicate and an unknown one',
      ['/v1/rerank', 'command', 'dream', 'command'],
      { ...model, tasks: ['command', '/v1/rerank'] },
    ],
    ['unknown tasks only', ['dream'], { ...model, tasks: [] }],
  ])('tasks: %s -> valid', (_case, tasks, expected) => {
    expect(decoded(tasks)).toMatchObject({ ok: true, value: { installed_models: [expected] } });
  });

  it.each([
    ['not a list', 'command', 'installed_models[0].tasks'],
    ['not text', [1], 'installed_models[0].tasks[0]'],
    ['very long', ['x'.repeat(65)], 'installed_models[0].tasks[0]'],
    ['too many', Array.from({ length: 65 }, () => 'command'), 'installed_models[0].tasks'],
  ])('tasks: %s -> error with the field', (_case, tasks, field) => {
    expect(decoded(tasks)).toMatchObject({ ok: false, error: { field } });
  });
});

describe('node_register_ack', () => {
  const ack = (seconds: number, fields: object = {}) =>
    JSON.stringify({
      type: 'node_register_ack',
      node_id: 'mine',
      node_token: 'secret',
      message: 'registered',
      status: 'registering',
      heartbeat_interval_seconds: seconds,
      heartbeat_timeout_seconds: 45,
      scheduler_version: '1',
      timestamp: 1,
      ...fields,
    });

  test.each([0.01, 15, 2_592_000])('heartbeat interval: %f s -> valid', (seconds) => {
    expect(decodeSchedulerMessage(ack(seconds)).ok).toBe(true);
  });

  test.each([1e-9, 0, -1, 1e300])('heartbeat interval: %f s -> refused', (seconds) => {
    expect(decodeSchedulerMessage(ack(seconds))).toMatchObject({ ok: false, error: { field: 'heartbeat_interval_seconds' } });
  });

  test.each([
    ['absent, from an older scheduler', {}, undefined],
    ['null', { addresses: null }, null],
    ['none', { addresses: [] }, []],
    ['several', { addresses: ['wss://10.0.0.1:7080', 'wss://[fe80::1]:443', 'ws://127.0.0.1:7080'] }, 3],
    ['too many', { addresses: Array.from({ length: 17 }, (_, i) => `wss://n${String(i)}:1`) }, null],
    ['a path', { addresses: ['wss://a:7080/ws/node'] }, null],
    ['a key', { addresses: ['wss://user:key@a:7080'] }, null],
    ['another protocol', { addresses: ['http://a:7080'] }, null],
    ['without a port', { addresses: ['wss://a'] }, null],
    ['an interface of one computer', { addresses: ['wss://[fe80::1%eth0]:7080'] }, null],
    ['very long', { addresses: [`wss://${'a.'.repeat(200)}a:7080`] }, null],
    ['not a list', { addresses: 'wss://a:7080' }, null],
  ])('addresses: %s -> the registration is valid, an invalid list counts as absent', (_case, fields, expected) => {
    const decoded = decodeSchedulerMessage(ack(15, fields));
    const addresses = decoded.ok && decoded.value.type === 'node_register_ack' ? decoded.value.addresses : 'refused';
    expect(typeof expected === 'number' ? addresses?.length : addresses).toEqual(expected);
  });
});

describe('memory of hardware', () => {
  const registration = (hardware: object) => JSON.stringify({ ...SAMPLES.node_register, hardware });
  const gpu = { name: 'RTX 4090', memory_gb: 24 };
  const refusedField = (text: string): string | null => {
    const decoded = decodeNodeMessage(text);
    return decoded.ok ? null : decoded.error.field;
  };

  it.each([
    ['hardware.memory_gb', { cpu_cores: 1, memory_gb: 65_537, gpus: [gpu] }],
    ['hardware.gpus[0].memory_gb', { cpu_cores: 1, memory_gb: 8, gpus: [{ ...gpu, memory_gb: 1e300 }] }],
    [null, { cpu_cores: 1, memory_gb: 65_536, gpus: [{ ...gpu, memory_gb: 65_536 }] }],
  ])('registration: %s', (field, hardware) => {
    expect(refusedField(registration(hardware))).toBe(field);
  });

  it.each([
    ['gpus[0].memory_total_gb', { memory_total_gb: 65_537 }],
    ['gpus[0].memory_used_gb', { memory_used_gb: 1e300 }],
    [null, { memory_total_gb: 65_536, memory_used_gb: 65_536 }],
  ])('heartbeat: %s', (field, figures) => {
    expect(refusedField(JSON.stringify(heartbeat('mine', { gpus: [{ index: 0, available: true, ...figures }] })))).toBe(field);
  });
});
