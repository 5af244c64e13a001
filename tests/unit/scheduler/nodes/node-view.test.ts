// What the view of a node adds to its record.
import { expect, test } from 'vitest';
import { modelsViewOf } from '../../../../src/main/scheduler/nodes/core/node-view';
import { afterSample, NO_RATES, type RateSample } from '../../../../src/main/scheduler/lifecycle/model-rates';
import { aModel, aProfile, aRecord } from '../lifecycle/records';

const NOTHING: RateSample = { inputPerSecond: null, outputPerSecond: null, concurrency: 1, loadSeconds: null, slowdown: null };
const FAST: RateSample = { ...NOTHING, inputPerSecond: 900, outputPerSecond: 31.26 };

test('models of a node: rates that its jobs showed; a removed model and one without a job are left out', () => {
  const samples: [string, RateSample][] = [
    ['fast', FAST],
    ['slow-start', { ...FAST, loadSeconds: 12.34 }],
    ['removed', FAST],
  ];
  const rates = samples.reduce((all, [modelId, sample]) => afterSample(all, modelId, sample, 0), NO_RATES);
  const installedModels = ['fast', 'slow-start', 'never-ran'].map((modelId) => aModel({ modelId }));
  expect(modelsViewOf(aRecord({ rates, profile: aProfile({ installedModels }) })).model_rates).toEqual({
    fast: { tokens_per_second: 31.3 },
    'slow-start': { tokens_per_second: 31.3, load_seconds: 12.3 },
  });
});
