// The tags that an operator gives a node, such as `lab` or `nvlink`. They sort and find nodes on screens; dispatch does not read them.
import { z } from 'zod';
import { skeletonOf } from '../protocol/look-alikes';
import { nameSchema } from '../protocol/names';

export const MAX_TAGS = 16;
export const MAX_TAG_LENGTH = 32;

/** Spaces at the ends do not count. A comma separates tags in texts, so no tag contains one. */
const tagSchema = z
  .string()
  .max(MAX_TAG_LENGTH)
  .trim()
  .pipe(nameSchema(MAX_TAG_LENGTH))
  .refine((tag) => !tag.includes(','), { error: 'contains a comma' });

/** No two tags of a node look alike, such as `lab` and `Lab`. */
export const nodeTagsSchema = z
  .array(tagSchema)
  .max(MAX_TAGS)
  .refine((tags) => new Set(tags.map(skeletonOf)).size === tags.length, { error: 'two tags look alike' });

/** The body of `PUT /api/v1/nodes/{node_id}/tags`: all tags of the node. */
export const tagsBodySchema = z.strictObject({ tags: nodeTagsSchema });
