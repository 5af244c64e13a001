// The effects of a new dispatch policy. Nodes and waiting jobs get it in several turns of the event loop: a pool can have thousands of nodes.
import type { PoolListener } from '../jobs/pool-listener';
import type { NodeRecord } from '../lifecycle/node-record';
import type { NodeRegistry } from '../nodes/node-registry';
import { inTurns } from '../../platform/in-turns';

/** The cost of an encoded message. */
const PARTS_OF_NODE = 60;

interface Pool {
  readonly jobs: Pick<PoolListener, 'isWaiting' | 'tryNode' | 'stopHoldingFor'> | null;
}

/** `registry`: has judged every node again. A node that is not connected gets its limits when it registers. */
export async function announcePolicy(
  registry: Pick<NodeRegistry, 'get' | 'isFreeOrFull' | 'records'>,
  pool: Pool,
  changed: (record: NodeRecord) => void,
): Promise<void> {
  await inTurns(
    Array.from(registry.records(), ({ nodeId }) => nodeId),
    (nodeId) => {
      const record = registry.get(nodeId);
      if (record?.online !== true) return 0;
      changed(record);
      const { jobs } = pool;
      if (jobs?.isWaiting !== true) return PARTS_OF_NODE;
      if (registry.isFreeOrFull(nodeId)) jobs.tryNode(nodeId);
      else jobs.stopHoldingFor(nodeId);
      return PARTS_OF_NODE;
    },
  );
}
