import { expect, test } from 'vitest';
import { editDistance, nearestKey } from '../../../src/shared/nearest-key';

test.each([
  ['', '', 0],
  ['port', 'port', 0],
  ['prot', 'port', 2],
  ['ports', 'port', 1],
  ['', 'abc', 3],
])('edit distance: %j to %j -> %i', (from, to, edits) => {
  expect(editDistance(from, to)).toBe(edits);
});

test('nearest key: misspelt -> the nearest candidate, another word -> none', () => {
  const candidates = ['server.host', 'server.port', 'log.level'];
  expect(nearestKey('server.prot', candidates)).toBe('server.port');
  expect(nearestKey('colour', candidates)).toBeNull();
});
