// The texts for values that a schema refuses.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { queueQuerySchema } from '../../src/shared/api/queue';
import { usageQuerySchema } from '../../src/shared/api/usage';
import { issueText } from '../../src/shared/issue-text';
import { validate } from '../../src/shared/protocol/decode';

const textOf = (schema: z.ZodType, value: unknown): string => issueText(schema.safeParse(value).error?.issues[0]);

test.each<[z.ZodType, unknown, string]>([
  [z.number(), 'x', 'expected a number'],
  [z.int(), 1.5, 'expected a whole number'],
  [z.object({ a: z.string() }), {}, 'is missing'],
  [z.string(), undefined, 'is missing'],
  [z.number().min(1), 0, 'expected at least 1'],
  [z.number().positive(), 0, 'expected more than 0'],
  [z.number().max(5), 6, 'expected at most 5'],
  [z.string().max(2), 'abc', 'expected at most 2 characters'],
  [z.array(z.string()).max(1), ['a', 'b'], 'expected at most 1 entries'],
  [z.enum(['high', 'low']), 'x', 'expected "high" or "low"'],
  [z.string().regex(/^a$/), 'b', 'has a character or a form that is not allowed'],
  [z.string().regex(/^a$/, 'not an a'), 'b', 'not an a'],
  [z.number().refine((value) => value > 1, 'too near'), 0, 'too near'],
])('%# -> in plain words; the text of a schema stays', (schema, value, text) => {
  expect(textOf(schema, value)).toBe(text);
});

test('a query without its field, a day that is none -> said for the field', () => {
  expect(validate({}, queueQuerySchema)).toMatchObject({ error: { field: 'job', reason: 'is missing' } });
  const reason = 'expected a day, such as 2026-11-30';
  for (const from of ['yesterday', '2026-02-30'])
    expect(validate({ from }, usageQuerySchema)).toMatchObject({ error: { field: 'from', reason } });
});
