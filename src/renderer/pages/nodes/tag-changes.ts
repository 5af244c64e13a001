// The tags of several nodes in one field, and the changes that follow from an edit. Pure.
import { MAX_TAGS, nodeTagsSchema } from '../../../shared/api/node-tags';
import type { NodeView } from '../../../shared/api/node-view';
import type { TagChange } from './use-node-acts';

/** The tags that all nodes have, in the order of the first one. */
export function commonTags(nodes: readonly NodeView[]): readonly string[] {
  const [first, ...others] = nodes;
  return (first?.tags ?? []).filter((tag) => others.every(({ tags = [] }) => tags.includes(tag)));
}

/** All tags of these nodes, the most frequent first: offered while the user types. */
export function knownTags(nodes: Iterable<NodeView>): readonly string[] {
  const counts = new Map<string, number>();
  for (const { tags = [] } of nodes) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1)).map(([tag]) => tag);
}

/**
 * The field shows the tags that all nodes have. A tag that the user adds is added to each node, one that the user removes is removed from
 * each; the other tags of a node stay. Null: a tag is not valid, or a node would have too many.
 */
export function tagChanges(nodes: readonly NodeView[], edited: readonly string[]): readonly TagChange[] | null {
  const before = commonTags(nodes);
  const [added, removed] = [edited.filter((tag) => !before.includes(tag)), before.filter((tag) => !edited.includes(tag))];
  const changes = nodes.flatMap((node): readonly TagChange[] => {
    const { tags = [] } = node;
    const next = [...tags.filter((tag) => !removed.includes(tag)), ...added.filter((tag) => !tags.includes(tag))];
    return next.length === tags.length && next.every((tag, i) => tag === tags[i]) ? [] : [{ node, tags: next }];
  });
  return changes.every(({ tags }) => tags.length <= MAX_TAGS && nodeTagsSchema.safeParse(tags).success) ? changes : null;
}
