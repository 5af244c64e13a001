import { expect, test } from 'vitest';
import { editDistance, nearestKey } from '../../../src/shared/nearest-key';

test.each([
  ['', '', 0],
  ['port', 'port', 0],
  ['prot', 'port', 2],
  ['ports', 'port', 1],
  ['', 'abc', 3],
])('from %j to %j it takes %i edits', (from, to, edits) => {
  expect(editDistance(from, to)).toBe(edits);
});

test('a misspelt key gets the nearest candidate, something else gets none', () => {
  const candidates = ['server.host', 'server.port', 'log.level'];
  expect(nearestKey('server.prot', candidates)).toBe('server.port');
  expect(nearestKey('colour', candidates)).toBeNull();
});
