// Publishes values to listeners, for ports in memory.
export class Subject<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  subscribe(listener: (value: Value) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(value: Value): void {
    for (const listener of this.#listeners) listener(value);
  }

  get count(): number {
    return this.#listeners.size;
  }
}
