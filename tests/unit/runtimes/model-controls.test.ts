// The time limit of an act on a model: the scheduler waits 11 minutes for its end.
import { expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import { ModelControls } from '../../../src/main/runtimes/model-controls';
import type { Control, RuntimeModel } from '../../../src/main/runtimes/runtime';
import { FakeRuntime } from '../../support/fake-runtime';
import { ManualClock } from '../../support/manual-clock';

const MINUTE_MS = 60_000;
const TIMEOUT = { ok: false, error: { code: 'failed', message: 'timeout' } };

const modelWith = (reasonCode: string): RuntimeModel => ({
  runtimeId: 'server',
  model: { model_id: 'a', kind: 'llm', version: '1', enabled: true, actions: ['load', 'unload'] },
  state: 'ready',
  residency: 'cold',
  reasonCode,
  details: {},
  sizeBytes: null,
  progress: null,
  checkedAtWallMs: null,
});

function controlsWith(reasonCode: string, controlOf: (clock: ManualClock) => Control) {
  const clock = new ManualClock();
  const runtime = Object.assign(new FakeRuntime('server'), { control: controlOf(clock) });
  const poller = { runtime, refresh: () => Promise.resolve() };
  const ownerOf = () => ({ poller, model: modelWith(reasonCode) });
  return { clock, controls: new ModelControls({ ownerOf, clock, logger: silentLogger, onChange: () => undefined }) };
}

/** Lets second after second pass. Resolves to the minutes until the end of the act. */
async function minutesUntil(clock: ManualClock, end: Promise<unknown>): Promise<number> {
  let hasEnded = false;
  void end.then(() => (hasEnded = true));
  let seconds = 0;
  for (; seconds < 30 * 60 && !hasEnded; seconds++) {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    clock.advance(1000);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  return Math.round(seconds / 60);
}

test('act: the server does not answer -> its request is ended after 10 minutes', async () => {
  const { clock, controls } = controlsWith('cold', () => (_model, _action, signal) => {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({ ok: false, message: 'aborted' });
      });
    });
  });
  const act = controls.control('a', 'load');
  expect([await minutesUntil(clock, act), await act, clock.pending]).toEqual([10, TIMEOUT, 0]);
});

test('act: the server answers after 9 minutes and then loads -> 10 minutes in all', async () => {
  const { clock, controls } = controlsWith('loading', (time) => () => {
    return new Promise((resolve) => {
      time.setTimer(9 * MINUTE_MS, () => {
        resolve({ ok: true });
      });
    });
  });
  const act = controls.control('a', 'load');
  expect([await minutesUntil(clock, act), await act]).toEqual([10, TIMEOUT]);
});
