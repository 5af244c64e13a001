import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseJsonAs } from '../../../src/shared/json';

const schema = z.object({ count: z.string().transform(Number) });

test('parseJsonAs: text that matches -> output of the schema', () => {
  expect(parseJsonAs(schema, '{"count":"3"}')).toEqual({ count: 3 });
});

test.each([
  ['not JSON', '{', SyntaxError],
  ['does not match the schema', '{"count":3}', z.ZodError],
])('parseJsonAs: %s -> throws', (_case, text, error) => {
  expect(() => parseJsonAs(schema, text)).toThrow(error);
});
