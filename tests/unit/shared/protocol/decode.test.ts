// What one frame may cost, and which figures of a scheduler an agent goes by.
import { describe, expect, it, test } from 'vitest';
import { decodeNodeMessage, decodeSchedulerMessage } from '../../../../src/shared/protocol/decode';
import { capabilityStateSchema } from '../../../../src/shared/protocol/node-messages';
import { heartbeat } from '../../../support/test-node';

describe('a capability state', () => {
  const withModels = (count: number, state: unknown) =>
    JSON.stringify({
      ...heartbeat('mine'),
      capability_state: Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${String(i)}`, state])),
    });

  it('of 1,024 models is taken', () => {
    expect(decodeNodeMessage(withModels(1024, 'ready')).ok).toBe(true);
  });

  it('of more is refused by their number, before any of them is looked at', () => {
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
  ])('of %j is refused with its place', (state, field) => {
    expect(decodeNodeMessage(JSON.stringify({ ...heartbeat('mine'), capability_state: state }))).toMatchObject({
      ok: false,
      error: { field },
    });
  });

  it('with the name of an object’s own workings is inert', () => {
    const state = capabilityStateSchema.parse(JSON.parse('{"__proto__":"ready","constructor":"ready"}'));
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
    expect(Object.hasOwn(state, 'constructor')).toBe(true);
  });
});

describe('the tasks that a model takes', () => {
  const decoded = (tasks: unknown) =>
    decodeNodeMessage(
      JSON.stringify({
        ...heartbeat('mine'),
        installed_models: [{ model_id: 'm', kind: 'llm', version: '1', ...(tasks === undefined ? {} : { tasks }) }],
      }),
    );
  const model = { model_id: 'm', kind: 'llm', version: '1', enabled: true };

  it.each([
    ['absent: a node of before', undefined, model],
    ['null', null, { ...model, tasks: null }],
    ['none', [], { ...model, tasks: [] }],
    [
      'in any order, twice, and one that is not known yet',
      ['/v1/rerank', 'command', 'dream', 'command'],
      { ...model, tasks: ['command', '/v1/rerank'] },
    ],
    ['only such that are not known yet', ['dream'], { ...model, tasks: [] }],
  ])('are taken when they are %s', (_case, tasks, expected) => {
    expect(decoded(tasks)).toMatchObject({ ok: true, value: { installed_models: [expected] } });
  });

  it.each([
    ['no list', 'command', 'installed_models[0].tasks'],
    ['no text', [1], 'installed_models[0].tasks[0]'],
    ['very long', ['x'.repeat(65)], 'installed_models[0].tasks[0]'],
    ['too many', Array.from({ length: 65 }, () => 'command'), 'installed_models[0].tasks'],
  ])('are refused with their place when they are %s', (_case, tasks, field) => {
    expect(decoded(tasks)).toMatchObject({ ok: false, error: { field } });
  });
});

describe('an acknowledged registration', () => {
  const ack = (seconds: number) =>
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
    });

  test.each([0.01, 15, 2_592_000])('with an interval of %f s is taken', (seconds) => {
    expect(decodeSchedulerMessage(ack(seconds)).ok).toBe(true);
  });

  test.each([1e-9, 0, -1, 1e300])('with an interval of %f s, which no scheduler can be set to, is refused', (seconds) => {
    expect(decodeSchedulerMessage(ack(seconds))).toMatchObject({ ok: false, error: { field: 'heartbeat_interval_seconds' } });
  });
});
