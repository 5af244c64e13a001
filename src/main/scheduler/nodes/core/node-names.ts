// Which nodes have the name of another node, or a name that looks like it. Kept with every change of a record, so that a view needs no
// search. A change of one name affects at most two other nodes of each group: groups of three and more stay conflicts.
import { mixesScripts, skeletonOf } from '../../../../shared/protocol/look-alikes';
import type { NameConflict } from '../../../../shared/api/node-view';
import type { NodeRecord } from '../../lifecycle/node-record';

type Groups = Map<string, Set<string>>;

export class NodeNames {
  readonly #byName: Groups = new Map();
  readonly #bySkeleton: Groups = new Map();
  #onConflictChanged: (nodeId: string) => void = () => undefined;

  /** Sets the listener (at most one): the conflict of another node may have changed. */
  listen(onConflictChanged: (nodeId: string) => void): void {
    this.#onConflictChanged = onConflictChanged;
  }

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (previous?.profile.name === next?.profile.name) return;
    if (previous !== null) this.#remove(previous);
    if (next !== null) this.#add(next);
  }

  conflictOf({ profile: { name } }: NodeRecord): NameConflict | null {
    if (sizeOf(this.#byName, name) > 1) return 'same';
    return sizeOf(this.#bySkeleton, skeletonOf(name)) > 1 || mixesScripts(name) ? 'similar' : null;
  }

  #add({ nodeId, profile: { name } }: NodeRecord): void {
    for (const [groups, key] of this.#groupsOf(name)) {
      const group = groups.get(key);
      // A second member makes the first one a conflict.
      if (group?.size === 1) this.#report(group);
      if (group === undefined) groups.set(key, new Set([nodeId]));
      else group.add(nodeId);
    }
  }

  #remove({ nodeId, profile: { name } }: NodeRecord): void {
    for (const [groups, key] of this.#groupsOf(name)) {
      const group = groups.get(key);
      group?.delete(nodeId);
      if (group?.size === 1) this.#report(group);
      if (group?.size === 0) groups.delete(key);
    }
  }

  #groupsOf(name: string): readonly (readonly [Groups, string])[] {
    return [
      [this.#byName, name],
      [this.#bySkeleton, skeletonOf(name)],
    ];
  }

  #report(group: ReadonlySet<string>): void {
    for (const nodeId of group) this.#onConflictChanged(nodeId);
  }
}

const sizeOf = (groups: Groups, key: string): number => groups.get(key)?.size ?? 0;
