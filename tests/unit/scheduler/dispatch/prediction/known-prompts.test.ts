// Which nodes probably have a prompt cached, in bounded memory.
import { describe, expect, test, vi } from 'vitest';
import { KnownPrompts } from '../../../../../src/main/scheduler/dispatch/prediction/known-prompts';
import { CHUNK_CHARACTERS, type RequestShape } from '../../../../../src/main/scheduler/dispatch/prediction/request-shape';

const aShape = (chunks: readonly number[], session: number | null = null): RequestShape => ({
  kind: '/v1/chat/completions',
  size: (chunks.length + 0.5) * CHUNK_CHARACTERS,
  maxOutput: null,
  chunks,
  session,
});
const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('known prompts', () => {
  test('longest common beginning of each node', () => {
    const known = new KnownPrompts();
    known.assigned('a', 'm', aShape([1, 2, 3]));
    known.assigned('b', 'm', aShape([1, 9]));
    expect(known.cachedOn(aShape([1, 2, 3, 4]))).toEqual(
      new Map([
        ['a', 3 * CHUNK_CHARACTERS],
        ['b', CHUNK_CHARACTERS],
      ]),
    );
    expect(known.cachedOn(aShape([7])).size).toBe(0);
  });

  test('short prompts of a session -> its last node', () => {
    const known = new KnownPrompts();
    known.assigned('a', 'm', { ...aShape([], 5), size: 900 });
    expect(known.cachedOn({ ...aShape([], 5), size: 1200 })).toEqual(new Map([['a', 900]]));
    known.assigned('b', 'm', { ...aShape([], 5), size: 1200 });
    expect([...known.cachedOn({ ...aShape([], 5), size: 1500 }).keys()]).toEqual(['b']);
    expect(known.cachedOn({ ...aShape([], 6), size: 1500 }).size).toBe(0);
  });

  test('node that did not keep what was expected -> expected to keep less; its end is forgotten first', () => {
    const known = new KnownPrompts();
    known.assigned('a', 'm', aShape(range(0, 200)));
    for (let i = 0; i < 9; i++) known.reported('a', 'm', 1000, 10);
    const cached = known.cachedOn(aShape(range(0, 200))).get('a') ?? 0;
    expect(cached).toBeLessThan(60 * CHUNK_CHARACTERS);
    expect(cached).toBeGreaterThan(0);
  });

  test('more prompts than the limit of the node -> the ones used longest ago are forgotten', () => {
    const known = new KnownPrompts();
    for (let i = 0; i < 40; i++) known.assigned('a', 'm', aShape(range(i * 1000, 20)));
    expect(known.entries).toBe(256);
    expect(known.cachedOn(aShape(range(0, 20))).size).toBe(0);
    expect(known.cachedOn(aShape(range(39_000, 20))).get('a')).toBe(20 * CHUNK_CHARACTERS);
  });

  test('forgotten node -> nothing is kept', () => {
    const known = new KnownPrompts();
    known.assigned('a', 'm', aShape([1, 2]));
    known.forget('a');
    expect([known.entries, known.cachedOn(aShape([1, 2])).size]).toEqual([0, 0]);
  });

  test('two thousand nodes -> bounded memory, the latest ones are known', () => {
    const known = new KnownPrompts();
    for (let node = 0; node < 2000; node++) known.assigned(`n${String(node)}`, 'm', aShape(range(node * 1000, 200)));
    expect(known.entries).toBeLessThanOrEqual(200_000);
    expect(known.cachedOn(aShape(range(1_999_000, 200))).get('n1999')).toBe(200 * CHUNK_CHARACTERS);
  });

  test('one node with many models -> at most 16,000 entries of the node, its models that were used longest ago are forgotten', () => {
    const known = new KnownPrompts();
    for (let model = 0; model < 100; model++) known.assigned('a', `m${String(model)}`, aShape(range(model * 1000, 200)));
    expect(known.entries).toBe(16_000);
    expect(known.cachedOn(aShape(range(0, 200))).size).toBe(0);
    expect(known.cachedOn(aShape(range(99_000, 200))).get('a')).toBe(200 * CHUNK_CHARACTERS);
  });

  test('forgotten node with 16,000 entries -> a few steps at once, the rest with later requests', () => {
    const known = new KnownPrompts();
    for (let model = 0; model < 80; model++) known.assigned('a', `m${String(model)}`, aShape(range(model * 1000, 200)));
    expect(
      stepsOf(() => {
        known.forget('a');
      }),
    ).toBeLessThan(10);
    expect([known.entries, known.cachedOn(aShape(range(79_000, 200))).size]).toEqual([0, 0]);
    for (let i = 0; i < 30; i++)
      expect(
        stepsOf(() => {
          known.assigned('b', 'm', aShape([1]));
        }),
      ).toBeLessThan(4000);
    expect(known.unsweptEntries).toBe(0);
  });

  test('node that was forgotten and came back -> only its new prompts are known', () => {
    const known = new KnownPrompts();
    known.assigned('a', 'm', aShape([1, 2]));
    known.forget('a');
    known.assigned('a', 'm', aShape([1]));
    for (let i = 0; i < 3; i++) known.assigned('b', 'm', aShape([9]));
    expect(known.cachedOn(aShape([1, 2]))).toEqual(new Map([['a', CHUNK_CHARACTERS]]));
  });

  test('memory full -> a request removes no more entries than it adds', () => {
    const known = new KnownPrompts();
    for (let node = 0; node < 13; node++) {
      for (let model = 0; model < 80; model++)
        known.assigned(`n${String(node)}`, `m${String(model)}`, aShape(range((node * 80 + model) * 1000, 200)));
    }
    const before = known.entries;
    const steps = stepsOf(() => {
      known.assigned('new', 'm', aShape(range(9_000_000, 200)));
    });
    expect([before, known.entries]).toEqual([200_000, 200_000]);
    expect(steps).toBeLessThan(4000);
  });
});

/** Entries of maps and sets that are removed. */
function stepsOf(act: () => void): number {
  const spies = [vi.spyOn(Set.prototype, 'delete'), vi.spyOn(Map.prototype, 'delete')];
  act();
  const steps = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  for (const spy of spies) spy.mockRestore();
  return steps;
}
