// The shape of each residency: none is the shape of a state of a node with another meaning.
import { expect, test } from 'vitest';
import { residencyLabel } from '../../../../src/renderer/labels/residency-labels';
import { MODEL_RESIDENCIES } from '../../../../src/shared/protocol/model-control';
import { labelsIn } from '../support/labels';

test('residency: four shapes; a pinned model is not full, and a cold one is not offline', () => {
  const shapes = Object.fromEntries(MODEL_RESIDENCIES.map((residency) => [residency, residencyLabel(residency, labelsIn('en')).shape]));
  expect(shapes).toEqual({ cold: 'unloaded', loading: 'registering', loaded: 'ready', pinned: 'pinned' });
});
