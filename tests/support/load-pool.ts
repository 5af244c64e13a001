// A pool for tests of load and availability: a scheduler with a manual clock, and nodes whose load the test chooses.
import type { NodeHeartbeat } from '../../src/shared/protocol/node-messages';
import { beat, nodeOf, readyNode } from './job-pool';
import type { RegisterInput, TestNode } from './test-node';
import { startTestScheduler, type TestScheduler, type TestSchedulerOptions } from './test-scheduler';

type Usage = Partial<NodeHeartbeat['resource_usage']>;

export const using = (usage: Usage) => ({ resource_usage: { cpu_percent: 5, mem_percent: 20, gpu_percent: 4, running_jobs: 0, ...usage } });

export class LoadPool {
  #scheduler: TestScheduler | null = null;
  readonly #nodes: TestNode[] = [];

  get scheduler(): TestScheduler {
    if (this.#scheduler === null) throw new Error('not started');
    return this.#scheduler;
  }

  /** Starts a scheduler, in the place of an earlier one. */
  async start(options: TestSchedulerOptions = {}): Promise<void> {
    await this.#scheduler?.stop();
    this.#scheduler = await startTestScheduler(options);
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes.splice(0)) node.close();
    await this.#scheduler?.stop();
    this.#scheduler = null;
  }

  /** A ready node with this load. */
  async join(nodeId: string, usage: Usage = {}, change: Partial<RegisterInput> = {}): ReturnType<typeof readyNode> {
    const node = await readyNode(this.scheduler.url, { node_id: nodeId, ...change });
    this.#nodes.push(node);
    await beat(node, 1, using(usage));
    return node;
  }

  /** A second computer without the model, so that the pool has two and the default limits hold. */
  joinOther(): Promise<TestNode> {
    return this.join('other', {}, { installed_models: [{ model_id: 'other-model', kind: 'llm', version: '1' }] });
  }

  async availabilityOf(nodeId: string) {
    return (await nodeOf(this.scheduler.port, nodeId)).availability;
  }

  async stateOf(nodeId: string) {
    return (await this.availabilityOf(nodeId))?.state;
  }
}
