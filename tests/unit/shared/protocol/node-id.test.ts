import { expect, test } from 'vitest';
import { nodeIdSchema } from '../../../../src/shared/protocol/node-messages';

test.each(['a', 'node-0A1B2C3D', 'my.node_1', '...', '.a', '-', 'x'.repeat(64)])('node ID: %s -> valid', (id) => {
  expect(nodeIdSchema.safeParse(id).success).toBe(true);
});

test.each(['', '.', '..', 'a/b', 'a b', 'ä', 'a\n', 'x'.repeat(65)])('node ID: %j -> refused, not valid in a URL or too long', (id) => {
  expect(nodeIdSchema.safeParse(id).success).toBe(false);
});
