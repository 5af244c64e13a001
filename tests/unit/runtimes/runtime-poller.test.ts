// The log events of probes.
import { expect, test } from 'vitest';
import { RuntimeSet } from '../../../src/main/runtimes/runtime-set';
import { FakeRuntime } from '../../support/fake-runtime';
import { ManualClock } from '../../support/manual-clock';

test('model_state: details cannot replace the state, the reason or the ids', async () => {
  const lines: unknown[] = [];
  const logger = { log: (_level: string, event: string, fields?: object) => lines.push({ event, ...fields }), isEnabled: () => true };
  const first = new FakeRuntime('first');
  first.models = { a: 'ready' };
  first.details = { state: 'melting', model_id: 'x', exit_code: 1 };
  const set = new RuntimeSet({ runtimes: [first], clock: new ManualClock(), logger, random: () => 0.5 });
  await set.start();
  await set.stop();
  expect(lines).toContainEqual({ event: 'model_state', model_id: 'a', runtime: 'first', state: 'ready', reason: 'loaded', exit_code: 1 });
});

test('model_state: a model that fails is an error, others are information', async () => {
  const lines: unknown[] = [];
  const log = (level: string, event: string, fields?: { readonly model_id?: unknown }): void => {
    if (event === 'model_state') lines.push([level, fields?.model_id]);
  };
  const first = new FakeRuntime('first');
  first.models = { a: 'ready', b: 'error', c: 'downloading' };
  const set = new RuntimeSet({ runtimes: [first], clock: new ManualClock(), logger: { log, isEnabled: () => true }, random: () => 0.5 });
  await set.start();
  await set.stop();
  expect(lines).toEqual([
    ['info', 'a'],
    ['error', 'b'],
    ['info', 'c'],
  ]);
});
