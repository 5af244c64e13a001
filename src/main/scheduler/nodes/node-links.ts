// The connections of the nodes: one for each connected node.
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { NodeLink } from './node-link';

export class NodeLinks {
  readonly #links = new Map<string, NodeLink>();

  get(nodeId: string): NodeLink | undefined {
    return this.#links.get(nodeId);
  }

  /** The node uses this link from now on. An older link is closed (protocol §2, node id). */
  attach(nodeId: string, link: NodeLink): void {
    const older = this.#links.get(nodeId);
    this.#links.set(nodeId, link);
    if (older !== undefined && older !== link) older.close(CLOSE_CODES.replaced);
  }

  delete(nodeId: string): void {
    this.#links.delete(nodeId);
  }
}
