// The life of a scheduler in memory. Its end is like kill -9: afterwards no timer, callback, read or write of that scheduler has an effect.
import type { Clock } from '../../src/main/platform/clock';
import type { NodeStore } from '../../src/main/scheduler/nodes/node-store';

export class Lifetime {
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  /** Does nothing after the end. */
  during<Args extends readonly unknown[]>(act: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      if (!this.#isOver) act(...args);
    };
  }

  /** Of the outcomes after the end, none arrives. */
  outcome<Value>(pending: () => Promise<Value>): Promise<Value> {
    if (this.#isOver) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      pending().then(this.during(resolve), this.during(reject));
    });
  }

  clock(clock: Clock): Clock {
    return {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      setTimer: (delayMs, callback) => (this.#isOver ? { cancel: () => undefined } : clock.setTimer(delayMs, this.during(callback))),
    };
  }

  nodeStore(store: NodeStore): NodeStore {
    return {
      insert: (node) => this.outcome(() => store.insert(node)),
      update: (node) => this.outcome(() => store.update(node)),
      remove: (nodeId) => this.outcome(() => store.remove(nodeId)),
    };
  }
}
