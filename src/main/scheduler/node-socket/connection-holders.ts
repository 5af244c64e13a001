// The open connections by the credential that opened them: a pool has many of both, and a list of the members looks up each member.

interface Held {
  /** Null: none, or none is known yet. */
  readonly holder: string | null;
}

export class ConnectionHolders<Connection extends Held> {
  readonly #byHolder = new Map<string, Set<Connection>>();
  readonly #holderOf = new Map<Connection, string>();

  has(holder: string): boolean {
    return this.#byHolder.has(holder);
  }

  of(holder: string): readonly Connection[] {
    return [...(this.#byHolder.get(holder) ?? [])];
  }

  /** For a new connection, and after its holder changed. */
  update(connection: Connection): void {
    this.delete(connection);
    const { holder } = connection;
    if (holder === null) return;
    this.#holderOf.set(connection, holder);
    const held = this.#byHolder.get(holder);
    if (held === undefined) this.#byHolder.set(holder, new Set([connection]));
    else held.add(connection);
  }

  delete(connection: Connection): void {
    const holder = this.#holderOf.get(connection);
    if (holder === undefined) return;
    this.#holderOf.delete(connection);
    const held = this.#byHolder.get(holder);
    held?.delete(connection);
    if (held?.size === 0) this.#byHolder.delete(holder);
  }
}
