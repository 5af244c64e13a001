// Priors of nodes that have not run a model, and the work to expect of requests.
import { describe, expect, test } from 'vitest';
import { Medians } from '../../../../../src/main/scheduler/dispatch/prediction/medians';
import { PoolRates } from '../../../../../src/main/scheduler/dispatch/prediction/pool-rates';
import type { RequestShape } from '../../../../../src/main/scheduler/dispatch/prediction/request-shape';
import { afterSample, NO_RATES, withDueTrials } from '../../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeRecord } from '../../../../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aRecord } from '../../lifecycle/records';

const MODEL = 'nmt-en-zh';
const CHAT: RequestShape = { kind: '/v1/chat/completions', size: 4000, maxOutput: null, chunks: [], session: null };

const gpu = (name: string) => ({ name, memoryGb: 24, index: 0, uuid: null, vendor: null, driverVersion: null, simulated: false });
function aNode(
  nodeId: string,
  gpuName: string,
  rates: readonly [number, number] | null,
  tokensPerSecond: number | null = null,
): NodeRecord {
  const profile = aProfile({
    hardware: { cpuCores: 8, memoryGb: 32, gpus: [gpu(gpuName)] },
    installedModels: [aModel({ tokensPerSecond })],
  });
  if (rates === null) return aRecord({ nodeId, profile });
  const [inputPerSecond, outputPerSecond] = rates;
  const sample = { inputPerSecond, outputPerSecond, concurrency: 1, loadSeconds: null, slowdown: null };
  return aRecord({ nodeId, profile, rates: afterSample(NO_RATES, MODEL, sample, 0) });
}

describe('priors', () => {
  const pool = new PoolRates();
  for (const node of [aNode('a', 'fast', [4000, 80]), aNode('b', 'slow', [400, 10]), aNode('c', 'slow', [600, 14])])
    pool.update(null, node);

  test.each<[string, NodeRecord, number, number]>([
    ['same GPU', aNode('x', 'fast', null), 4000, 80],
    ['another GPU: median of the pool', aNode('x', 'other', null), 600, 14],
    ['measurement of the owner', aNode('x', 'fast', null, 28), 1200, 28],
    ['absurd measurement: twice the median at most', aNode('x', 'fast', null, 1e6), 1200, 28],
    ['tiny measurement: an eighth of the median at least', aNode('x', 'fast', null, 0.01), 75, 1.75],
  ])('%s', (_case, node, inputPerSecond, outputPerSecond) => {
    expect(pool.prior(node, MODEL)).toEqual({ inputPerSecond, outputPerSecond });
  });

  test('model that no node ran -> none', () => {
    expect(pool.prior(aNode('x', 'fast', null), 'other')).toBeNull();
    expect(pool.isKnown('other')).toBe(false);
  });
});

test('rates that a trial should replace -> count only while no others are known, and not for the own GPU', () => {
  const pool = new PoolRates();
  const wrong = aNode('a', 'fast', [4, 0.1]);
  const due = { ...wrong, rates: withDueTrials(wrong.rates, 600_000) };
  pool.update(null, wrong);
  expect(pool.prior(wrong, MODEL)).toEqual({ inputPerSecond: 4, outputPerSecond: 0.1 });
  pool.update(wrong, due);
  expect([pool.isKnown(MODEL), pool.prior(due, MODEL)]).toEqual([true, { inputPerSecond: 4, outputPerSecond: 0.1 }]);
  const other = aNode('b', 'slow', [400, 10]);
  pool.update(null, other);
  expect(pool.prior(due, MODEL)).toEqual({ inputPerSecond: 400, outputPerSecond: 10 });
  pool.update(due, wrong);
  expect(pool.prior(due, MODEL)).toEqual({ inputPerSecond: 4, outputPerSecond: 0.1 });
});

test('nodes leave -> their rates and what was learned of the model are forgotten', () => {
  const pool = new PoolRates();
  const node = aNode('a', 'fast', [4000, 80]);
  pool.update(null, node);
  pool.learn(MODEL, CHAT, { input: 2000, cached: null, output: 50 });
  expect(pool.workOf(MODEL, CHAT)).toMatchObject({ input: 2000, output: 50 });
  pool.update(node, null);
  expect(pool.isKnown(MODEL)).toBe(false);
  expect(pool.workOf(MODEL, CHAT)).toMatchObject({ input: 1000, output: 300 });
});

test('node removes the model -> its rates do not count for others, and count again with the model', () => {
  const pool = new PoolRates();
  const node = aNode('a', 'fast', [4000, 80]);
  const removed = { ...node, profile: { ...node.profile, installedModels: [] } };
  pool.update(null, node);
  pool.update(node, removed);
  expect(pool.isKnown(MODEL)).toBe(false);
  pool.update(removed, node);
  expect(pool.isKnown(MODEL)).toBe(true);
});

test('work of a request: learned tokens per character, mean answer, limit of the client, share from caches', () => {
  const pool = new PoolRates();
  pool.update(null, aNode('a', 'fast', [4000, 80]));
  for (let i = 0; i < 200; i++) pool.learn(MODEL, CHAT, { input: 2000, cached: 1500, output: 100 });
  const work = pool.workOf(MODEL, CHAT);
  expect(work.input).toBeCloseTo(2000);
  expect(work.output).toBeCloseTo(100);
  expect(work.reuse).toBeCloseTo(0.75, 2);
  expect(pool.workOf(MODEL, { ...CHAT, maxOutput: 10 }).output).toBe(10);
  expect(pool.workOf(MODEL, { ...CHAT, kind: '/v1/embeddings' }).output).toBe(0);
});

describe('tokens per character', () => {
  const learned = (...jobs: readonly (readonly [size: number, input: number])[]) => {
    const pool = new PoolRates();
    pool.update(null, aNode('a', 'fast', [4000, 80]));
    for (const [size, input] of jobs) pool.learn(MODEL, { ...CHAT, size }, { input, cached: null, output: 50 });
    return pool.tokensPerCharacter(MODEL);
  };
  const HI = [2, 300] as const;
  const CODE = [8000, 2800] as const;

  test.each<[string, readonly (readonly [number, number])[], number]>([
    ['short prompts with a long template', [HI, HI, HI], 0.25],
    ['short prompts beside long ones', [CODE, HI, HI, HI, CODE], 0.35],
    ['prompt of 2,048 characters', [[2048, 1024]], 0.5],
    ['prompt below 2,048 characters', [[2047, 1024]], 0.25],
    ['more tokens than any text has', [[4000, 40_000]], 2],
    ['fewer tokens than any text has', [[4000, 1]], 0.05],
  ])('%s', (_case, jobs, expected) => {
    expect(learned(...jobs)).toBeCloseTo(expected);
  });

  test('one prompt of 12 MB -> counts as one prompt of 16,384 characters', () => {
    const usual = Array.from({ length: 100 }, () => CODE);
    expect(learned(...usual, [12_000_000, 600_000])).toBeGreaterThan(0.3);
    expect(learned(...usual, [12_000_000, 600_000])).toBeCloseTo(learned(...usual, [16_384, 16_384 / 20]));
  });

  test('sound -> seconds per byte, at most 16 times those of usual sound', () => {
    const pool = new PoolRates();
    pool.update(null, aNode('a', 'fast', [4000, 80]));
    const sound: RequestShape = { ...CHAT, kind: '/v1/audio/transcriptions', size: 160_000 };
    pool.learn(MODEL, sound, { input: 40, cached: null, output: null });
    expect(pool.workOf(MODEL, sound).input).toBeCloseTo(40);
    for (let i = 0; i < 500; i++) pool.learn(MODEL, sound, { input: 160_000, cached: null, output: null });
    expect(pool.workOf(MODEL, sound).input).toBeCloseTo(160);
  });
});

test('unknown model -> nothing is learned, so clients cannot fill the memory', () => {
  const pool = new PoolRates();
  pool.learn('unknown', CHAT, { input: 9000, cached: null, output: 50 });
  expect(pool.workOf('unknown', CHAT).input).toBe(1000);
});

test('medians: of two values the higher one; a key without values is removed', () => {
  const medians = new Medians();
  for (const value of [5, 1, 9]) medians.add('k', value);
  expect(medians.of('k')).toBe(5);
  medians.delete('k', 5);
  expect(medians.of('k')).toBe(9);
  medians.delete('k', 1);
  medians.delete('k', 9);
  expect([medians.of('k'), medians.size]).toEqual([null, 0]);
});
