// A source of facts that the test controls.
import type { FactSource } from '../../src/main/system-events/fact-source';
import type { Fact } from '../../src/main/system-events/parse/fact';

export class FakeSource<Value> implements FactSource<Value> {
  readonly #listeners = new Set<(fact: Fact<Value>) => void>();

  get watchers(): number {
    return this.#listeners.size;
  }

  watch(listener: (fact: Fact<Value>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(fact: Fact<Value>): void {
    for (const listener of this.#listeners) listener(fact);
  }
}
