// Where a line of several reasons may break.
import { expect, test } from 'vitest';
import { exclusionCountsText } from '../../../../src/renderer/labels/exclusion-counts';
import { labelsIn } from '../support/labels';

test('a line breaks between two reasons, and inside a long one but not before its unit', () => {
  const text = exclusionCountsText(labelsIn('en'), { model_not_available: 2, status_not_ready: 2, not_online: 2 });
  expect(text).toBe('Model not available: 2\u00a0nodes\u00a0· Not\u00a0ready:\u00a02\u00a0· Not\u00a0connected:\u00a02');
});

test.each([
  [{ not_online: 30, status_not_ready: 20, capacity_exceeded: 1 }, 'No free job slot: 1 node · Not ready: 20 · Not connected: 30'],
  [{ quarantined: 9, vram_insufficient: 2, not_online: 1 }, 'Not enough free GPU memory: 2 nodes · Quarantined: 9 · Not connected: 1'],
  [{ not_online: 2 }, 'Not connected: 2 nodes'],
])('%j -> first the nodes that could take the job, at last those without a connection', (reasons, text) => {
  expect(exclusionCountsText(labelsIn('en'), reasons)?.replaceAll('\u00a0', ' ')).toBe(text);
});
