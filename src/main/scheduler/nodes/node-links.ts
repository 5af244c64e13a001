// The connections of the nodes: one for each connected node. The source of the last connection is kept while the node is known.
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import { sourceOfRemote } from '../../platform/source-address';
import type { NodeLink } from './node-link';

export class NodeLinks {
  readonly #links = new Map<string, NodeLink>();
  readonly #sources = new Map<string, string>();

  get(nodeId: string): NodeLink | undefined {
    return this.#links.get(nodeId);
  }

  /** The node uses this link from now on. An older link is closed (protocol §2, node id). */
  attach(nodeId: string, link: NodeLink): void {
    const older = this.#links.get(nodeId);
    this.#links.set(nodeId, link);
    this.#sources.set(nodeId, sourceOfRemote(link.remote));
    if (older !== undefined && older !== link) older.close(CLOSE_CODES.replaced);
  }

  delete(nodeId: string): void {
    this.#links.delete(nodeId);
  }

  /** The address of the last connection, as limits count it. Null: none since the start of the scheduler. */
  sourceOf(nodeId: string): string | null {
    return this.#sources.get(nodeId) ?? null;
  }

  /** The node is no longer known. */
  forget(nodeId: string): void {
    this.#links.delete(nodeId);
    this.#sources.delete(nodeId);
  }
}
