// The tags of a node: accepted, normalised, refused.
import { expect, test } from 'vitest';
import { MAX_TAG_LENGTH, MAX_TAGS, tagsBodySchema } from '../../../../src/shared/api/node-tags';

const tagsOf = (tags: unknown): unknown => {
  const parsed = tagsBodySchema.safeParse({ tags });
  return parsed.success ? parsed.data.tags : (parsed.error.issues[0]?.path.join('.') ?? 'none');
};

test.each<[string, unknown, unknown]>([
  ['none', [], []],
  ['spaces at the ends', [' lab ', '机房'], ['lab', '机房']],
  ['decomposed letters', ['Bu\u0308ro'], ['B\u00fcro']],
  ['blank', ['lab', '  '], 'tags.1'],
  ['too long', ['x'.repeat(MAX_TAG_LENGTH + 1)], 'tags.0'],
  ['a control character', ['a\u202eb'], 'tags.0'],
  ['a comma', ['a,b'], 'tags.0'],
  ['two that look alike', ['lab', 'L\u0430b'], 'tags'],
  ['too many', Array.from({ length: MAX_TAGS + 1 }, (_, i) => `t${String(i)}`), 'tags'],
  ['not a list', 'lab', 'tags'],
])('tags: %s -> %j', (_what, tags, expected) => {
  expect(tagsOf(tags)).toEqual(expected);
});
