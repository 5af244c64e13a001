import { expect, test } from 'vitest';
import { distinctName } from '../../../../src/renderer/labels/node-name';

test.each([
  ['one node with the name', undefined, 'kai-desktop'],
  ['no conflict', null, 'kai-desktop'],
  ['the same name', 'same', 'kai-desktop …0A11CE'],
] as const)('name of a node: %s', (_title, conflict, expected) => {
  expect(distinctName({ node_id: 'node-990A11CE', name: 'kai-desktop', name_conflict: conflict })).toBe(expected);
});
