// The calls of tools that have no result yet. Each call costs the same, however many are open: a request may have 100,000 messages.

export interface OpenCall {
  readonly id: string;
  readonly name: string;
}

/** Calls in their order. Those before `next` have a result; later ones may have one too. */
interface Queue {
  readonly calls: OpenCall[];
  next: number;
}

export class OpenCalls {
  readonly #open = new Set<OpenCall>();
  readonly #all: Queue = { calls: [], next: 0 };
  readonly #byName = new Map<string, Queue>();
  readonly #byId = new Map<string, OpenCall[]>();

  add(call: OpenCall): void {
    this.#open.add(call);
    this.#all.calls.push(call);
    const named = this.#byName.get(call.name);
    if (named === undefined) this.#byName.set(call.name, { calls: [call], next: 0 });
    else named.calls.push(call);
    const same = this.#byId.get(call.id);
    if (same === undefined) this.#byId.set(call.id, [call]);
    else same.push(call);
  }

  /** The id of the first open call with this name, else of the first open call. */
  first(name: string | null | undefined): string | undefined {
    const named = name === null || name === undefined ? undefined : this.#byName.get(name);
    return ((named === undefined ? undefined : this.#firstOf(named)) ?? this.#firstOf(this.#all))?.id;
  }

  close(id: string): void {
    for (const call of this.#byId.get(id) ?? []) this.#open.delete(call);
    this.#byId.delete(id);
  }

  #firstOf(queue: Queue): OpenCall | undefined {
    let call = queue.calls[queue.next];
    while (call !== undefined && !this.#open.has(call)) {
      queue.next += 1;
      call = queue.calls[queue.next];
    }
    return call;
  }
}
