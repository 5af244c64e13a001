// Where a line of several reasons may break.
import { expect, test } from 'vitest';
import { exclusionCountsText } from '../../../../src/renderer/labels/exclusion-counts';
import { labelsIn } from '../support/labels';

test('a line breaks between two reasons, and inside a long one but not before its unit', () => {
  const text = exclusionCountsText(labelsIn('en'), { model_not_available: 2, status_not_ready: 2, not_online: 2 });
  expect(text).toBe('Model not available: 2\u00a0nodes\u00a0· Not\u00a0ready:\u00a02\u00a0· Not\u00a0connected:\u00a02');
});
