// Fair shares in a simulated pool: keys that wait all the time get equal times of GPU, a new key is next, and none starves (ADR 0045).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairPool, type FairNode, usedSince } from '../../../support/fair-pool';
import { MAX_LEAD_MS } from '../../../../src/main/scheduler/jobs/machine/key-shares';

const MODELS = ['a', 'b'];
const MODEL_SETS: readonly (readonly string[])[] = [['a'], ['b'], MODELS, ['b', 'c']];
/** A failure prints its seed. */
const RUNS = { numRuns: 25 };

const nodes = fc.array(
  fc.record({ speed: fc.constantFrom(0.25, 1, 4), slots: fc.integer({ min: 1, max: 4 }), models: fc.constant(MODELS) }),
  { minLength: 1, maxLength: 4 },
);
/** Their slots become free by turns, so that each key could get all slots of one model. */
const TURNS_OF_ONE_MODEL: FairNode[] = [
  { speed: 0.25, slots: 20, models: ['b'] },
  { speed: 0.25, slots: 20, models: ['a'] },
  { speed: 0.25, slots: 1, models: ['a'] },
];
/** A key: the size of its jobs, how wrong its predictions are, and whether some have another priority. */
const keys = (errors: readonly number[]) =>
  fc.array(
    fc.record({
      sizeMs: fc.constantFrom(200, 1000, 5000, 20_000),
      error: fc.constantFrom(...errors),
      models: fc.constantFrom(['a'], ['b'], MODELS),
    }),
    { minLength: 2, maxLength: 6 },
  );

interface Key {
  readonly sizeMs: number;
  readonly error: number;
  readonly models: readonly string[];
}

/** A random sequence that depends on the case alone. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface World {
  readonly pool: FairPool;
  readonly next: () => number;
  /** Submits until each key has so many jobs that wait. */
  readonly fill: () => void;
}

/** Every key always has 3 to 40 waiting jobs. A key `high` has a few of a higher priority, and some jobs are cancelled while they wait. */
function backlogged(nodeList: readonly FairNode[], keyList: readonly Key[], seed: number): World {
  const pool = new FairPool(nodeList);
  const next = random(seed);
  const waiting = new Map<string, number>();
  const fill = (): void => {
    keyList.forEach(({ sizeMs, error, models }, i) => {
      const key = `key-${String(i)}`;
      for (let count = pool.waitingOf(key), wanted = waiting.get(key) ?? 3; count < wanted; count++) {
        const model = models[Math.floor(next() * models.length)] ?? 'a';
        const jobId = pool.submit({ key, model, workMs: sizeMs * (0.5 + next()), error });
        if (next() < 0.1) pool.cancel(jobId);
      }
      waiting.set(key, 3 + Math.floor(next() * 37));
    });
    if (next() < 0.05) pool.submit({ key: 'high', model: 'a', workMs: 3000 * next(), priority: 5 });
  };
  // All begin together, while attempts of another key use all slots.
  for (const { slots } of nodeList)
    for (let slot = 0; slot < slots; slot++) pool.submit({ key: 'high', model: 'a', workMs: 1, priority: 5 });
  fill();
  return { pool, next, fill };
}

describe('fair shares in a simulated pool', () => {
  test.each([
    ['true predictions', [1]],
    ['predictions that are 4 times too low or too high', [0.25, 1, 4]],
  ])(
    '%s, several speeds, priorities and cancellations -> backlogged keys differ by at most two attempts and their errors',
    (_title, errors) => {
      fc.assert(
        fc.property(nodes, keys(errors), fc.integer({ min: 1, max: 2 ** 30 }), (nodeList, keyList, seed) => {
          const { pool, fill } = backlogged(nodeList, keyList, seed);
          const from = pool.starts.length;
          const used = keyList.map(() => 0);
          let seen = from;
          for (let step = 0; step < 300; step++) {
            pool.step();
            fill();
            for (; seen < pool.starts.length; seen++) {
              const { key, ms } = pool.starts[seen] ?? { key: '', ms: 0 };
              const index = Number(key.slice(4));
              if (key !== 'high') used[index] = (used[index] ?? 0) + ms;
            }
            const { attemptMs, errorMs } = pool.largest;
            expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(2 * (attemptMs + errorMs) + 1);
          }
        }),
        RUNS,
      );
    },
  );

  test('a new key while others have long backlogs and wrong predictions -> its first job is the next that starts', () => {
    fc.assert(
      fc.property(nodes, keys([0.25, 1, 4]), fc.integer({ min: 1, max: 2 ** 30 }), (nodeList, keyList, seed) => {
        const { pool, next, fill } = backlogged(nodeList, keyList, seed);
        for (let newcomer = 0; newcomer < 20; newcomer++) {
          for (let step = 0; step < 1 + next() * 10; step++) {
            pool.step();
            fill();
          }
          // Jobs of a higher priority go first, and other keys that are new.
          const isNew = (_key: unknown, i: number): boolean => pool.waiting.shares.accountOf(`key-${String(i)}`).isNew;
          while ((pool.waitingOf('high') > 0 || keyList.some(isNew)) && pool.step());
          const before = pool.starts.length;
          const jobId = pool.submit({ key: `new-${String(newcomer)}`, model: 'a', workMs: 1000 });
          expect(pool.aheadOf(jobId)).toBe(0);
          pool.step();
          expect(pool.starts[before]?.jobId).toBe(jobId);
        }
      }),
      RUNS,
    );
  });

  test('1,000 waiting jobs of one key, one of another -> the other is next', () => {
    const pool = new FairPool([{ speed: 1, slots: 1, models: ['a'] }]);
    for (let i = 0; i < 1001; i++) pool.submit({ key: 'many', model: 'a', workMs: 10_000 });
    for (let i = 0; i < 50; i++) pool.step();
    const jobId = pool.submit({ key: 'one', model: 'a', workMs: 10_000 });
    expect(pool.aheadOf(jobId)).toBe(0);
    pool.step();
    expect(pool.starts.at(-1)?.jobId).toBe(jobId);
  });

  test('nodes with different models, all keys always wait for all models -> every key gets turns at each model', () => {
    const some = fc.record({
      speed: fc.constantFrom(0.25, 1, 4),
      slots: fc.constantFrom(1, 2, 20),
      models: fc.constantFrom(...MODEL_SETS),
    });
    const sizes = fc.array(fc.constantFrom(1000, 20_000, 100_000), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 4 }), sizes, (nodeList, sizeList) => {
        const pool = new FairPool(nodeList);
        const models = [...new Set(nodeList.flatMap((node) => node.models))];
        // Of each key, on the nodes with each model.
        const used = new Map(models.map((model) => [model, sizeList.map(() => 0)]));
        const usedBefore = new Map<string, readonly number[]>();
        const submit = (key: number, model: string): void => {
          const before = [...(used.get(model) ?? [])];
          usedBefore.set(pool.submit({ key: `key-${String(key)}`, model, workMs: sizeList[key] ?? 0 }), before);
        };
        for (const key of sizeList.keys()) for (const model of models) submit(key, model);
        for (let seen = 0; seen < 1500; seen++) {
          while (seen === pool.starts.length && pool.step());
          const start = pool.starts[seen];
          if (start === undefined) throw new Error('no start');
          const key = Number(start.key.slice(4));
          const before = usedBefore.get(start.jobId) ?? [];
          const others = (used.get(start.model) ?? []).map((now, i) => now - (before[i] ?? 0)).filter((_, i) => i !== key);
          // Older jobs of the same key go first.
          expect(Math.min(...others)).toBeLessThanOrEqual(models.length * (MAX_LEAD_MS + 2 * pool.largest.attemptMs));
          for (const model of start.models)
            used.set(
              model,
              (used.get(model) ?? []).map((sum, i) => (i === key ? sum + start.ms : sum)),
            );
          submit(key, start.model);
        }
      }),
      { ...RUNS, examples: [[TURNS_OF_ONE_MODEL, [100_000, 100_000]]] },
    );
  });

  test('a key that waits for a model of one node uses others much -> it still gets turns there', () => {
    const pool = new FairPool([
      { speed: 1, slots: 50, models: ['x'] },
      { speed: 1, slots: 1, models: ['y'] },
    ]);
    const fill = (): void => {
      for (let count = pool.waitingOf('wide'); count < 60; count++) pool.submit({ key: 'wide', model: 'x', workMs: 30_000 });
      for (let count = pool.waitingOf('narrow'); count < 3; count++) pool.submit({ key: 'narrow', model: 'y', workMs: 10_000 });
    };
    fill();
    for (let i = 0; i < 3000; i++) {
      pool.step();
      fill();
    }
    const before = pool.starts.length;
    const jobId = pool.submit({ key: 'wide', model: 'y', workMs: 10_000 });
    for (let i = 0; i < 20_000 && pool.aheadOf(jobId) !== null; i++) {
      pool.step();
      fill();
    }
    expect(pool.aheadOf(jobId)).toBeNull();
    expect(usedSince(pool.starts, before, 'narrow')).toBeLessThanOrEqual(MAX_LEAD_MS + 10_000);
  });
});
