// The counts that the announcement of a pool has.
import { expect, test } from 'vitest';
import type { PoolModel } from '../../../src/main/scheduler/dispatch/pool-models';
import { announcedOffer } from '../../../src/main/scheduler/announced-offer';
import type { NodeRecord } from '../../../src/main/scheduler/lifecycle/node-record';
import { ManualClock } from '../../support/manual-clock';
import { microtasksDone } from '../../support/microtasks';
import { aGpu, aProfile, aRecord } from './lifecycle/records';

const node = (gpus: number, online: boolean): NodeRecord =>
  aRecord({
    online,
    profile: aProfile({ hardware: { cpuCores: 8, memoryGb: 32, gpus: Array.from({ length: gpus }, (_, index) => aGpu({ index })) } }),
  });

function bench() {
  const clock = new ManualClock();
  const state = { records: [node(2, true), node(1, true), node(4, false)], models: 3, counts: 0, isBroken: false };
  const views = {
    records: () => state.records.values(),
    readyModels: () => {
      state.counts++;
      if (state.isBroken) return Promise.reject(new Error('the store cannot be read'));
      return Promise.resolve(Array.from({ length: state.models }, () => ({}) as PoolModel));
    },
  };
  return { clock, state, offer: announcedOffer(views, clock) };
}

test('offer: not counted yet -> absent; then the GPUs of connected nodes and the ready models', async () => {
  const { offer } = bench();
  expect(offer()).toEqual({});
  await microtasksDone();
  expect(offer()).toEqual({ gpus: 3, models: 3 });
});

test('offer: asked often -> counted once in 5 s', async () => {
  const { offer, state, clock } = bench();
  for (let second = 0; second < 10; second++) {
    for (let times = 0; times < 20; times++) offer();
    await microtasksDone();
    clock.advance(1000);
  }
  expect(state.counts).toBe(2);
});

test('offer: first question after a quiet time -> no old count; the next one -> the present count', async () => {
  const { offer, state, clock } = bench();
  offer();
  await microtasksDone();
  clock.advance(3_600_000);
  state.models = 0;
  expect(offer()).toEqual({});
  await microtasksDone();
  expect(offer()).toEqual({ gpus: 3, models: 0 });
});

test('offer: the store cannot be read -> no new count, and no error; counted again when the next one is due', async () => {
  const { offer, state, clock } = bench();
  state.isBroken = true;
  expect(offer()).toEqual({});
  await microtasksDone();
  state.isBroken = false;
  expect(offer()).toEqual({});
  clock.advance(5000);
  offer();
  await microtasksDone();
  expect(offer()).toEqual({ gpus: 3, models: 3 });
});
