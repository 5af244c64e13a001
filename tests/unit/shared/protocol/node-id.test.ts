import { expect, test } from 'vitest';
import { nodeIdSchema } from '../../../../src/shared/protocol/node-messages';

test.each(['a', 'node-0A1B2C3D', 'my.node_1', '...', '.a', '-', 'x'.repeat(64)])('%s is taken as a node id', (id) => {
  expect(nodeIdSchema.safeParse(id).success).toBe(true);
});

test.each(['', '.', '..', 'a/b', 'a b', 'ä', 'a\n', 'x'.repeat(65)])('%j is refused: it has no place in a URL, or is too long', (id) => {
  expect(nodeIdSchema.safeParse(id).success).toBe(false);
});
