// While jobs wait for nothing but the load of nodes, asks these nodes for a fresh reading (protocol §3, `load_request`): at most one request
// to a node in two seconds. The work of one round is bounded, and the next round continues where it ended.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';

const INTERVAL_MS = 2000;
const MAX_NODES_PER_ROUND = 256;
/** For each node all groups of waiting jobs may be checked, and there can be thousands. A round ends with the node that reaches this. */
const MAX_CHECKS_PER_ROUND = 20_000;

export interface LoadRequestsOptions {
  readonly table: Pick<JobTable, 'waiting'>;
  readonly pool: Pick<NodePool, 'record' | 'linkOf' | 'availability' | 'dispatcher'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class LoadRequests {
  readonly #options: LoadRequestsOptions;
  /** The busy nodes that were not asked since the list was made. */
  #remaining: string[] = [];
  /** The nodes of the last round. */
  #lastAsked = '';
  #timer: Timer | null = null;

  constructor(options: LoadRequestsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.setTimer(INTERVAL_MS, () => {
      this.#round();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #round(): void {
    const { table, pool, logger } = this.#options;
    if (table.waiting.size === 0) return;
    if (this.#remaining.length === 0) this.#remaining = [...pool.availability.nodesIn('busy')];
    const asked: string[] = [];
    let [read, checks] = [0, 0];
    for (const nodeId of this.#remaining) {
      if (read === MAX_NODES_PER_ROUND || checks >= MAX_CHECKS_PER_ROUND) break;
      read++;
      if (this.#ask(nodeId, () => checks++)) asked.push(nodeId);
    }
    this.#remaining.splice(0, read);
    // A job can wait for days. Repetitions of one round are only for debugging.
    const key = asked.join();
    const level = key === this.#lastAsked ? 'debug' : 'info';
    this.#lastAsked = key;
    if (asked.length > 0) logger.log(level, 'load_requested', { nodes: asked.length, node_ids: asked.slice(0, 5) });
  }

  #ask(nodeId: string, countCheck: () => void): boolean {
    const { table, pool } = this.#options;
    const [node, link] = [pool.record(nodeId), pool.linkOf(nodeId)];
    if (node === undefined || link === undefined) return false;
    const first = table.waiting.firstFor(node, (requirements) => {
      countCheck();
      return pool.dispatcher.suits(node, requirements);
    });
    if (first === null) return false;
    link.send({ type: 'load_request', node_id: nodeId });
    return true;
  }
}
