// The models that no node has: counted, bounded, and estimated by their names.
import { expect, test } from 'vitest';
import { MissingModels } from '../../../../src/main/scheduler/nodes/core/missing-models';
import { estimatedVramGb } from '../../../../src/shared/model-size';
import { MAX_MISSING_MODELS } from '../../../../src/shared/api/missing-models';

const HOUR_MS = 3_600_000;
const NOW = 1000 * HOUR_MS;
const countsOf = (missing: MissingModels, nowWallMs: number) => missing.list(nowWallMs).map(({ modelId, requests }) => [modelId, requests]);

test('missing models: asked several times -> counted, the most requested first, since the first request', () => {
  const missing = new MissingModels(NOW);
  missing.asked('a', NOW);
  missing.asked('b', NOW + 10);
  missing.asked('b', NOW + 20);
  expect(missing.list(NOW + 30)).toEqual([
    { modelId: 'b', requests: 2, sinceWallMs: NOW + 10, lastWallMs: NOW + 20 },
    { modelId: 'a', requests: 1, sinceWallMs: NOW, lastWallMs: NOW },
  ]);
});

test('missing models: requests older than 24 hours -> no longer counted', () => {
  const missing = new MissingModels(NOW);
  for (let hour = 0; hour < 30; hour++) missing.asked('a', NOW + hour * HOUR_MS);
  expect(countsOf(missing, NOW + 29 * HOUR_MS)).toEqual([['a', 24]]);
  expect(missing.list(NOW + 29 * HOUR_MS)[0]?.sinceWallMs).toBe(NOW + 6 * HOUR_MS);
  expect(countsOf(missing, NOW + 60 * HOUR_MS)).toEqual([]);
});

test('missing models: thousands of different ids -> bounded, one that is asked for often stays', () => {
  const missing = new MissingModels(NOW);
  for (let times = 0; times < 3; times++) missing.asked('wanted', NOW);
  for (let id = 0; id < 5000; id++) missing.asked(`random-${String(id)}`, NOW + 1 + id);
  const counts = countsOf(missing, NOW + 6000);
  expect([counts.length, counts[0]]).toEqual([MAX_MISSING_MODELS, ['wanted', 3]]);
});

test.each(['', 'x'.repeat(257), '\u0000', 'a\nb'])('missing models: id %j that no node could have -> not counted', (modelId) => {
  const missing = new MissingModels(NOW);
  missing.asked(modelId, NOW);
  expect([missing.list(NOW), missing.revision]).toEqual([[], 0]);
});

test('missing models: stored and restored -> the same counts, since the earlier time', () => {
  const [before, after] = [new MissingModels(NOW), new MissingModels(NOW + HOUR_MS)];
  for (const id of ['a', 'b', 'a']) before.asked(id, NOW);
  after.restore(before.stored(), before.sinceWallMs);
  expect([after.list(NOW + HOUR_MS), after.sinceWallMs]).toEqual([before.list(NOW + HOUR_MS), NOW]);
});

test.each([
  ['qwen3-coder:30b', 18.6],
  ['llama3.1:8b', 5.4],
  ['org/Mixtral-8x7B-Instruct-v0.1', 34.2],
  ['gemma3:27b-it-q8_0', 30.3],
  ['meta/Llama-3-8B-fp16', 17.4],
  ['smollm:1.7b', 1.6],
  ['qwen3-30b-a3b', 18.6],
  ['whisper-large-v3', null],
  ['phi4', null],
  ['web', null],
  ['model-b2b', null],
  ['0b', null],
] as const)('model size: %s -> %s GB', (modelId, expected) => {
  expect(estimatedVramGb(modelId)).toBe(expected);
});
