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
